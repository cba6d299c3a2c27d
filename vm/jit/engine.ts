/** The JIT as an engine: compiles a program, instantiates the module over the machine's memory, and runs it. */
import { KERNEL_TAG } from '../address.ts';
import type { Engine, EngineFactory, EngineName, Runnable, Unsupported } from '../engine.ts';
import { accessText, VmFault } from '../fault.ts';
import { FRAME_SIZE, REGISTERS, RunState } from '../layout.ts';
import type { Machine } from '../machine.ts';
import { codeInputs } from '../maps/wasm/map-code.ts';
import type { Program } from '../program.ts';
import { startTail, tailTarget } from '../tail-call.ts';
import type { Mark, ModuleBuilder } from '../wasm/builder.ts';
import { directModule } from '../wasm/direct/module.ts';
import { CodeLimitError } from '../wasm/limits.ts';
import { type WasmFunction, type WasmInstance, wasm } from '../wasm/platform.ts';
import { callName, compileProgram } from './compile.ts';
import type { NotCompiled } from './flow-graph.ts';
import type { ImportName } from './imports.ts';
import type { CachedModule, ModuleCache } from './module-cache.ts';

/** Compiles with the direct back end: at once. */
export const directEngine: EngineFactory = (machine) => new JitEngine(machine, 'direct', directModule);

/** The same, and keeps modules for machines to come. */
export function cachedDirectEngine(cache: ModuleCache): EngineFactory {
  return (machine) => new JitEngine(machine, 'direct', directModule, cache);
}

export class JitEngine implements Engine {
  readonly name: EngineName;
  readonly #machine: Machine;
  readonly #newModule: () => ModuleBuilder;
  readonly #cache: ModuleCache | undefined;
  readonly #imports: Readonly<Record<string, unknown>>;
  /** Slots of programs that tail calls go to and that cannot be compiled. */
  readonly #refused = new Set<number>();

  constructor(machine: Machine, name: EngineName, newModule: () => ModuleBuilder, cache?: ModuleCache) {
    this.#machine = machine;
    this.name = name;
    this.#newModule = newModule;
    this.#cache = cache;
    this.#imports = {
      memory: machine.memory.wasm,
      table: machine.table,
      ...importsOf(machine, (slot) => this.#compileTail(slot)),
    };
  }

  prepare(program: Program): Runnable | Unsupported {
    const made = this.#moduleOf(program);
    if ('reason' in made)
      return { kind: 'unsupported', reason: `instruction ${made.instruction}: ${made.reason}` };
    const instance = new wasm.Instance(made.module, { env: this.#imports });
    this.#machine.table.set(program.slot, instance.exports.main!);
    return new Compiled(this.#machine, this.name, program, made.marks, instance);
  }

  #moduleOf(program: Program): CachedModule | NotCompiled {
    if (this.#cache === undefined) return this.#compile(program);
    const environment = this.#environmentOf(program);
    const known = this.#cache.find(program, environment);
    if (known !== undefined) return known;
    const made = this.#compile(program);
    if (!('reason' in made)) this.#cache.put(program, environment, made);
    return made;
  }

  #compile(program: Program): CachedModule | NotCompiled {
    const { memory } = this.#machine;
    try {
      const built = compileProgram(program, {
        module: this.#newModule(),
        pages: memory.pages,
        limit: program.mode === 'trusted' ? undefined : memory.limit,
        mapAt: (address) => this.#machine.mapAt(address),
      });
      return 'reason' in built ? built : { module: new wasm.Module(built.bytes), marks: built.marks };
    } catch (error) {
      if (error instanceof CodeLimitError) return { instruction: 0, reason: error.message };
      // Binaryen walks code by recursion.
      if (!(error instanceof RangeError)) throw error;
      return { instruction: 0, reason: 'the code is nested too deeply' };
    }
  }

  /** What code depends on besides the program's words. */
  #environmentOf({ mode, slot, codeAddress, code, instructions }: Program): string {
    const maps: unknown[] = [];
    for (const [index, { op }] of instructions.entries()) {
      if (op !== 'lddw' || code[index * 4 + 3] !== KERNEL_TAG) continue;
      const map = this.#machine.mapAt(code[index * 4 + 2]!);
      if (map !== undefined) maps.push(codeInputs(map));
    }
    const { memory, cpus } = this.#machine;
    const bigints = (_: string, value: unknown): unknown =>
      typeof value === 'bigint' ? String(value) : value;
    return JSON.stringify([this.name, mode, slot, codeAddress, memory.pages, cpus, maps], bigints);
  }

  /** A compiled program calls another as its tail, which the machine runs otherwise so far. False where it has to. */
  #compileTail(slot: number): boolean {
    const program = this.#machine.programAt(slot)!;
    if (program.mode === 'strict' || this.#refused.has(slot)) return false;
    const compiled = this.prepare(program);
    if (compiled.kind === 'unsupported') {
      this.#refused.add(slot);
      return false;
    }
    this.#machine.replace(program, compiled);
    return true;
  }
}

class Compiled implements Runnable {
  readonly kind = 'runnable';
  readonly engine: EngineName;
  readonly entry: (context: number) => number;
  readonly batch: (count: number, contexts: number, stride: number) => number;
  readonly #machine: Machine;
  readonly #program: Program;
  readonly #marks: readonly Mark[];
  readonly #exports: Readonly<Record<string, WasmFunction>>;

  constructor(
    machine: Machine,
    engine: EngineName,
    program: Program,
    marks: readonly Mark[],
    { exports }: WasmInstance,
  ) {
    this.engine = engine;
    this.entry = exports.run as Compiled['entry'];
    this.batch = exports.batch as Compiled['batch'];
    this.#machine = machine;
    this.#program = program;
    this.#marks = marks;
    this.#exports = exports;
  }

  call(instruction: number): void {
    const fn = this.#exports[callName(instruction)];
    if (fn === undefined)
      throw this.#machine.fault('target', `calls back instruction ${instruction}, where no function begins`);
    const { i32 } = this.#machine.memory;
    const frame = i32[(REGISTERS + 80) >> 2]!;
    fn();
    i32[(REGISTERS + 80) >> 2] = frame;
  }

  /** A trap is an access beyond all memory. */
  explain(error: unknown): unknown {
    if (!(error instanceof wasm.RuntimeError)) return error;
    const instruction = this.#instructionOf(error);
    if (instruction === undefined) {
      const details = { kind: 'access', program: this.#program.name, instruction: 0 } as const;
      return new VmFault('accesses memory that there is not', details);
    }
    this.#machine.memory.i32[RunState.pc >> 2] = instruction;
    return this.#machine.fault('access', 'accesses memory that there is not');
  }

  /** V8 tells the place of a trap as an offset in the module. */
  #instructionOf(error: Error): number | undefined {
    const place = /wasm-function\[\d+\]:0x([0-9a-f]+)/.exec(error.stack ?? '');
    if (place === null) return undefined;
    const offset = Number.parseInt(place[1]!, 16);
    return this.#marks.findLast((mark) => mark.offset <= offset)?.tag;
  }
}

function importsOf(
  machine: Machine,
  compile: (slot: number) => boolean,
): Readonly<Record<ImportName, (...args: readonly number[]) => unknown>> {
  const { i32 } = machine.memory;
  const at = (instruction: number): void => {
    i32[RunState.pc >> 2] = instruction;
  };
  return {
    helper: (id) => machine.callHelper(id!),
    badAccess: (instruction, low, high, bytes, write) => {
      at(instruction!);
      const { message, ...details } = accessText(
        machine.memory,
        low!,
        high!,
        bytes!,
        write === 1 ? 'write' : 'read',
      );
      throw machine.fault('access', message, details);
    },
    outOfFuel: (instruction) => {
      at(instruction!);
      throw machine.fault('fuel', `ran ${i32[RunState.fuelLimit >> 2]} instructions without an end`);
    },
    tooDeep: (instruction) => {
      at(instruction!);
      throw machine.fault('call-depth', 'more than 8 frames');
    },
    packetLoad: (offset, bytes) => {
      const { packet, registers } = machine;
      if (packet === undefined) throw machine.fault('packet', 'loads from a packet, and there is none');
      const value = packet.load(offset!, bytes!);
      registers[0] = value ?? 0;
      registers[1] = 0;
      return value === undefined ? 0 : 1;
    },
    compile: (slot) => (compile(slot!) ? 1 : 0),
    tail: () => runTail(machine),
  };
}

/** 1 where the program has run, in the frame of the register file's r10; its result is in r0. */
function runTail(machine: Machine): number {
  const target = tailTarget(machine);
  if (target === undefined) return 0;
  const { registers, memory } = machine;
  const caller = memory.i32[RunState.program >> 2]!;
  startTail(machine, target);
  // A call takes the frame below.
  registers[20] = registers[20]! + FRAME_SIZE;
  registers[21] = KERNEL_TAG;
  machine.interpreter.prepare(target).call(0);
  registers[20] = registers[20]! - FRAME_SIZE;
  memory.i32[RunState.program >> 2] = caller;
  return 1;
}
