/** The resident interpreter as an engine: there from the start, in WebAssembly, for programs that are not compiled. */

import { CallKind } from '../../bpf/fields.ts';
import type { LinearAddress } from '../address.ts';
import type { Engine, EngineFactory, Runnable, Unsupported } from '../engine.ts';
import { type FaultKind, hex64, VmFault } from '../fault.ts';
import { FRAME_TOP, MAX_FRAMES, RunState } from '../layout.ts';
import type { Machine } from '../machine.ts';
import { PAGE } from '../memory.ts';
import { codeIndex, type Program } from '../program.ts';
import { startTail, tailTarget } from '../tail-call.ts';
import { type WasmFunction, wasm } from '../wasm/platform.ts';
import { residentBytes } from './bytes.ts';
import type { ImportName } from './imports.ts';
import { KnownMaps } from './known-maps.ts';
import { RECORD, SAVED_SHIFT, SAVED_SIZE } from './numbers.ts';
import { records } from './records.ts';

export const residentEngine: EngineFactory = (machine) => new ResidentEngine(machine);

/** A program's records. */
interface Placed {
  readonly program: Program;
  readonly code: LinearAddress;
  readonly end: LinearAddress;
}

class ResidentEngine implements Engine {
  readonly name = 'resident';
  readonly #machine: Machine;
  readonly #maps: KnownMaps;
  /** By slot. */
  readonly #placed = new Map<number, Placed>();
  readonly #exports: Readonly<Record<string, WasmFunction>>;

  constructor(machine: Machine) {
    const { memory } = machine;
    this.#machine = machine;
    this.#maps = new KnownMaps(machine);
    const module = new wasm.Module(residentBytes());
    const env = { memory: memory.wasm, table: machine.table, ...this.#imports() };
    this.#exports = new wasm.Instance(module, { env }).exports;
    const saves = memory.reserve(SAVED_SIZE * MAX_FRAMES, 'what called functions save');
    this.#exports.configure!(memory.limit - PAGE, saves + (FRAME_TOP >> SAVED_SHIFT));
  }

  prepare(program: Program): Runnable | Unsupported {
    const reason = whyNot(program);
    if (reason !== undefined) return { kind: 'unsupported', reason };
    const { code } = this.#place(program);
    const suffix = program.mode === 'checked' ? 'Checked' : '';
    const run = this.#exports[`run${suffix}`] as (code: number, slot: number, context: number) => number;
    const batch = this.#exports[`batch${suffix}`] as (...args: readonly number[]) => number;
    const call = this.#exports[`call${suffix}`] as (record: number) => void;
    const { slot } = program;
    return {
      kind: 'runnable',
      engine: this.name,
      entry: (context) => run(code, slot, context),
      batch: (count, contexts, stride) => batch(code, slot, count, contexts, stride),
      call: (instruction) => call(code + instruction * RECORD),
      explain: (error) => this.#explain(error, program),
    };
  }

  #place(program: Program): Placed {
    const known = this.#placed.get(program.slot);
    if (known !== undefined) return known;
    const { memory } = this.#machine;
    const bytes = program.code.length * 4;
    const code = memory.reserve(bytes, `the code of program ${program.name}`);
    const words = records(program, {
      code,
      mapAt: (address) => this.#machine.mapAt(address),
      descriptor: (map, { operation }) => this.#maps.descriptor(map, operation),
    });
    memory.i32.set(words, code >> 2);
    const placed = { program, code, end: code + bytes };
    this.#placed.set(program.slot, placed);
    return placed;
  }

  /** A trap is an access beyond all memory: what runs without checks does not keep where it is. */
  #explain(error: unknown, program: Program): unknown {
    if (!(error instanceof wasm.RuntimeError)) return error;
    const details = { kind: 'access', program: program.name, instruction: 0 } as const;
    return new VmFault('accesses memory that there is not', details);
  }

  /** Tells the machine which instruction it is, and of which program. */
  #at(pc: LinearAddress): Placed | undefined {
    const { i32 } = this.#machine.memory;
    for (const placed of this.#placed.values()) {
      if (pc < placed.code || pc >= placed.end) continue;
      i32[RunState.pc >> 2] = (pc - placed.code) / RECORD;
      i32[RunState.program >> 2] = placed.program.slot;
      return placed;
    }
    return undefined;
  }

  #fault(pc: LinearAddress, kind: FaultKind, message: string): VmFault {
    this.#at(pc);
    return this.#machine.fault(kind, message);
  }

  #imports(): Readonly<Record<ImportName, (...args: readonly number[]) => unknown>> {
    const machine = this.#machine;
    const { i32 } = machine.memory;
    return {
      helper: (id) => machine.callHelper(id!),
      badAccess: (pc, low, high, bytes, write) => {
        this.#at(pc!);
        throw machine.accessFault(low!, high!, bytes!, write === 1 ? 'write' : 'read');
      },
      outOfFuel: (pc) => {
        throw this.#fault(pc!, 'fuel', `ran ${i32[RunState.fuelLimit >> 2]} instructions without an end`);
      },
      tooDeep: (pc) => {
        throw this.#fault(pc!, 'call-depth', `more than ${MAX_FRAMES} frames`);
      },
      pastEnd: (pc) => {
        throw this.#fault(pc!, 'end', 'ran past the last instruction');
      },
      packetLoad: (pc, offset, bytes) => this.#packetLoad(pc!, offset!, bytes!),
      target: (pc, low, high) => this.#target(pc!, low!, high!),
      tail: () => this.#tail(),
    };
  }

  #packetLoad(pc: LinearAddress, offset: number, bytes: number): number {
    const { packet, registers } = this.#machine;
    if (packet === undefined) throw this.#fault(pc, 'packet', 'loads from a packet, and there is none');
    const value = packet.load(offset, bytes);
    registers[0] = value ?? 0;
    registers[1] = 0;
    return value === undefined ? 0 : 1;
  }

  #target(pc: LinearAddress, low: number, high: number): LinearAddress {
    const { program, code } = this.#at(pc)!;
    const word = codeIndex(program, low, high);
    if (word >= 0) return code + word * 4;
    const verb = program.instructions[(pc - code) / RECORD]?.op === 'callx' ? 'calls' : 'jumps to';
    throw this.#fault(pc, 'target', `${verb} ${hex64(low, high)}, which is no code of this program`);
  }

  /** See `tail` in imports.ts. */
  #tail(): LinearAddress {
    const machine = this.#machine;
    const target = tailTarget(machine);
    if (target === undefined) return 0;
    const reason = whyNot(target);
    if (reason !== undefined)
      throw machine.fault('target', `calls program ${target.name}, which another engine runs: ${reason}`);
    const isOther = target.mode !== machine.runningProgram?.mode;
    startTail(machine, target);
    return this.#place(target).code + (isOther ? 1 : 0);
  }
}

/** Why the interpreter cannot run a program. */
function whyNot({ mode, instructions }: Program): string | undefined {
  if (mode === 'strict') return 'it is strict';
  const isForeign = instructions.some(
    ({ op, src }) => op === 'call' && src !== CallKind.local && src !== CallKind.helper,
  );
  return isForeign ? 'it calls a kernel function that is not known' : undefined;
}
