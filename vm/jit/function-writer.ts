/** One function of a program as a WebAssembly function. */
import { CallKind } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';
import { KERNEL_TAG, type LinearAddress, USER_TAG } from '../address.ts';
import { FRAME_SIZE, FRAMES, MAX_LOOPS, REGISTERS, RunState } from '../layout.ts';
import type { BpfMap } from '../maps/map.ts';
import type { MapFunctions } from '../maps/wasm/map-functions.ts';
import type { Program } from '../program.ts';
import type { FunctionBuilder, FunctionRef, Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import { Alu } from './alu.ts';
import { ArmLocals, writeArms } from './arms.ts';
import { CallSite } from './call-site.ts';
import { condition } from './condition.ts';
import { dispatched } from './dispatcher.ts';
import { type Shape, shapeOf } from './dominators.ts';
import { endingOf, localTarget } from './flow-graph.ts';
import type { ConvertedGraph } from './if-conversion.ts';
import type { Imports } from './imports.ts';
import { INTRINSICS } from './intrinsics/table.ts';
import { MemoryAccess } from './memory-access.ts';
import { FRAME_POINTER, Registers } from './registers.ts';
import { type BlockWriter, structured } from './structure.ts';

export interface FunctionPlan {
  readonly program: Program;
  readonly graph: ConvertedGraph;
  readonly imports: Imports;
  /** Functions of the program, by the first instruction's index. */
  readonly functions: ReadonlyMap<number, FunctionRef>;
  /** Bytes of memory, where accesses are checked. */
  readonly limit: number | undefined;
  readonly maps: MapFunctions;
  /** The map at an address. */
  readonly mapAt: (address: LinearAddress) => BpfMap | undefined;
  readonly isEntry: boolean;
}

/** Instructions of a function that its callers' loops pay for. */
const MOST_FREE = 256;

/** Functions that call functions may take very long without a loop, and so may long ones that are called often. */
function isCharged({ program, graph, isEntry }: FunctionPlan): boolean {
  const start = graph.starts[0]!;
  const end = graph.starts.at(-1)!;
  if (isEntry) return false;
  if (end - start > MOST_FREE) return true;
  for (let index = start; index < end; index++) if (localTarget(program, index) !== undefined) return true;
  return false;
}

/** Bytes of a register in the register file. */
const REGISTER_SIZE = 8;

export class FunctionWriter implements BlockWriter {
  readonly #f: FunctionBuilder;
  readonly #plan: FunctionPlan;
  readonly #shape: Shape;
  readonly #r: Registers;
  readonly #alu: Alu;
  readonly #memory: MemoryAccess;
  /** Scratch variables, by use. */
  readonly #scratch: Local[] = [];
  /** Instructions left, where any are counted. */
  readonly #fuel: Local | undefined;
  readonly #isCharged: boolean;
  /** `may_goto`'s rounds left, where there are any. */
  #rounds: Local | undefined;
  #at = 0;
  #armLocals: ArmLocals | undefined;
  #blockStart = 0;

  constructor(f: FunctionBuilder, plan: FunctionPlan) {
    this.#f = f;
    this.#plan = plan;
    this.#shape = shapeOf(plan.graph);
    const parameters = plan.isEntry ? [f.param(0)] : [0, 1, 2, 3, 4].map((n) => f.param(n));
    this.#r = new Registers(f, parameters, plan.isEntry ? undefined : f.param(5));
    this.#alu = new Alu(f, this.#r);
    this.#memory = new MemoryAccess(f, this.#r, {
      limit: plan.limit,
      bad: (address, bytes, write) => this.#badAccess(address, bytes, write),
    });
    this.#isCharged = isCharged(plan);
    this.#fuel = this.#isCharged || this.#shape.isLoop.includes(1) ? f.local('i32') : undefined;
  }

  write(): void {
    const f = this.#f;
    const { graph, program } = this.#plan;
    if (this.#plan.isEntry) {
      const address = f.i32(0);
      f.store(I32.store, address, f.i32(program.slot), RunState.program);
    }
    this.#loadFuel();
    const end = graph.starts.at(-1)!;
    if (this.#isCharged) this.#charge(end - graph.starts[0]!, graph.starts[0]!);
    for (let index = graph.starts[0]!; index < end; index++) {
      if (opcodeOf(program.instructions[index]!.op).form !== 'may_goto') continue;
      this.#rounds = f.local('i32');
      f.set(this.#rounds, f.i32(MAX_LOOPS));
      break;
    }
    (this.#shape.isReducible ? structured : dispatched)(f, graph, this.#shape, this);
    f.finish();
  }

  body(block: number): void {
    const { starts } = this.#plan.graph;
    const end = starts[block + 1]!;
    this.#blockStart = starts[block]!;
    for (let index = starts[block]!; index < end; index++) {
      this.#at = index;
      this.#f.mark(index);
      this.#instruction(this.#plan.program.instructions[index]!, index);
    }
    const arms = this.#plan.graph.arms.get(block);
    if (arms === undefined) return;
    const { instructions } = this.#plan.program;
    this.#armLocals ??= new ArmLocals(this.#f);
    writeArms(arms, {
      f: this.#f,
      r: this.#r,
      locals: this.#armLocals,
      instructions,
      condition: () => this.condition(block, false),
      instruction: (index) => this.#instruction(instructions[index]!, index),
    });
  }

  condition(block: number, negated: boolean): Value {
    const f = this.#f;
    const instruction = this.#plan.program.instructions[this.#plan.graph.starts[block + 1]! - 1]!;
    if (opcodeOf(instruction.op).form !== 'may_goto') return condition(f, this.#r, instruction, negated);
    const rounds = this.#rounds!;
    f.set(rounds, f.binary(I32.sub, f.get(rounds), f.i32(1)));
    return f.binary(negated ? I32.ge_s : I32.lt_s, f.get(rounds), f.i32(0));
  }

  loopHead(block: number): void {
    this.#charge(this.#shape.loopSize[block]!, this.#plan.graph.starts[block]!);
  }

  /** Takes instructions from what is left. */
  #charge(instructions: number, index: number): void {
    const f = this.#f;
    const fuel = this.#fuel!;
    f.set(fuel, f.binary(I32.sub, f.get(fuel), f.i32(instructions)));
    f.if(f.binary(I32.lt_s, f.get(fuel), f.i32(0)));
    f.run(this.#plan.imports.outOfFuel, [f.i32(index)]);
    f.unreachable();
    f.end();
  }

  #instruction(instruction: Instruction, index: number): void {
    const { form } = opcodeOf(instruction.op);
    switch (form) {
      case 'alu_k':
      case 'alu_x':
      case 'neg':
      case 'movsx':
      case 'end':
        this.#alu.emit(instruction);
        return;
      case 'ldx':
      case 'ldsx':
      case 'load_acquire':
        this.#memory.load(instruction);
        return;
      case 'stx':
      case 'st':
      case 'store_release':
        this.#memory.store(instruction);
        return;
      case 'atomic':
      case 'atomic_fetch':
      case 'cmpxchg':
        this.#memory.atomic(instruction);
        return;
      case 'lddw':
        this.#wide(instruction.dst, index);
        return;
      case 'cast':
        this.#cast(instruction);
        return;
      case 'ldabs':
      case 'ldind':
        this.#packetLoad(instruction);
        return;
      case 'call':
        this.#call(index);
        return;
      case 'exit':
        this.#exit(this.#r.get(0));
        return;
      default:
        // Jumps are the structure's.
        if (endingOf(instruction) === 'goes-on') throw new Error(`no code for ${instruction.op}`);
    }
  }

  /** The word index is the place of the relocated number. */
  #wide(dst: number, index: number): void {
    const { code } = this.#plan.program;
    this.#r.set(dst, this.#f.i64(code[index * 4 + 2]!, code[index * 4 + 3]!));
  }

  /** NULL stays NULL. */
  #cast({ dst, src, imm }: Instruction): void {
    const f = this.#f;
    const tag = imm >>> 16 === 1 ? USER_TAG : KERNEL_TAG;
    const low = f.unary(I64.extend_i32_u, this.#r.low(src));
    const tagged = f.binary(I64.or, low, f.i64(0, tag));
    this.#r.set(dst, f.select(tagged, f.i64(0, 0), this.#r.low(src)));
  }

  #packetLoad({ op, src, imm }: Instruction): void {
    const f = this.#f;
    const { form, bytes } = opcodeOf(op);
    this.#storePlace();
    const offset = form === 'ldabs' ? f.i32(imm) : f.binary(I32.add, this.#r.low(src), f.i32(imm));
    f.if(f.unary(I32.eqz, f.call(this.#plan.imports.packetLoad, [offset, f.i32(bytes)])));
    this.#exit(f.i64(0, 0));
    f.end();
    this.#r.set(0, f.load(I64.load, f.i32(0), REGISTERS));
  }

  #call(index: number): void {
    const f = this.#f;
    const r = this.#r;
    const { code, instructions } = this.#plan.program;
    const { src } = instructions[index]!;
    if (src === CallKind.local) {
      const callee = this.#plan.functions.get(code[index * 4 + 1]! >> 2)!;
      this.#checkDepth();
      this.#storeFuel();
      const args = [1, 2, 3, 4, 5].map((register) => r.get(register));
      r.set(0, f.call(callee, [...args, f.binary(I32.sub, r.frameTop(), f.i32(FRAME_SIZE))]));
      this.#loadFuel();
      return;
    }
    const id = code[index * 4 + 2]!;
    const intrinsic = src === CallKind.helper ? INTRINSICS.get(id) : undefined;
    if (intrinsic?.(this.#callSite(index, id)) !== true) this.#helper(id);
  }

  #callSite(index: number, id: number): CallSite {
    const { maps } = this.#plan;
    return new CallSite({
      f: this.#f,
      r: this.#r,
      memory: this.#memory,
      maps,
      plan: this.#plan,
      index,
      blockStart: this.#blockStart,
      scratch: (use) => this.#scratchLocal(use),
      general: () => this.#helper(id),
      tail: () => this.#tail(),
      checkDepth: () => this.#checkDepth(),
      storeFuel: () => this.#storeFuel(),
      loadFuel: () => this.#loadFuel(),
    });
  }

  /** Calls come one after the other and share them: a function has room for 50,000 variables in V8. */
  #scratchLocal(use: number): Local {
    const known = this.#scratch[use];
    if (known !== undefined) return known;
    const local = this.#f.local('i32');
    this.#scratch[use] = local;
    return local;
  }

  /** Runs a helper in JavaScript. */
  #helper(id: number): void {
    const f = this.#f;
    this.#storeArguments();
    f.run(this.#plan.imports.helper, [f.i32(id)]);
    this.#loadFuel();
    this.#r.set(0, f.load(I64.load, f.i32(0), REGISTERS));
  }

  #tail(): void {
    const f = this.#f;
    this.#storeArguments();
    f.if(f.call(this.#plan.imports.tail, []));
    this.#loadFuel();
    this.#exit(f.load(I64.load, f.i32(0), REGISTERS));
    f.end();
  }

  /** What a call to JavaScript finds in memory. */
  #storeArguments(): void {
    const f = this.#f;
    for (let register = 1; register <= 5; register++) {
      const address = f.i32(0);
      f.store(I64.store, address, this.#r.get(register), REGISTERS + register * REGISTER_SIZE);
    }
    this.#storePlace();
    this.#storeFuel();
  }

  /** The frame of a function that is called must lie in the stack. */
  #checkDepth(): void {
    if (this.#plan.isEntry) return;
    const f = this.#f;
    f.if(f.binary(I32.lt_u, this.#r.frameTop(), f.i32(FRAMES + 2 * FRAME_SIZE)));
    f.run(this.#plan.imports.tooDeep, [f.i32(this.#at)]);
    f.unreachable();
    f.end();
  }

  /** For what is called: where it is called from. */
  #storePlace(): void {
    const f = this.#f;
    const zero = f.i32(0);
    f.store(I32.store, zero, f.i32(this.#at), RunState.pc);
    const base = f.i32(0);
    f.store(I32.store, base, this.#r.frameTop(), REGISTERS + FRAME_POINTER * REGISTER_SIZE);
  }

  #exit(result: Value): void {
    if (this.#fuel === undefined) {
      this.#f.return(result);
      return;
    }
    this.#r.set(0, result);
    this.#storeFuel();
    this.#f.return(this.#r.get(0));
  }

  #loadFuel(): void {
    if (this.#fuel !== undefined)
      this.#f.set(this.#fuel, this.#f.load(I32.load, this.#f.i32(0), RunState.fuel));
  }

  #storeFuel(): void {
    if (this.#fuel === undefined) return;
    const address = this.#f.i32(0);
    this.#f.store(I32.store, address, this.#f.get(this.#fuel), RunState.fuel);
  }

  #badAccess(address: Local, bytes: number, write: boolean): void {
    const f = this.#f;
    const at = f.i32(this.#at);
    const low = f.unary(I32.wrap_i64, f.get(address));
    const high = f.unary(I32.wrap_i64, f.binary(I64.shr_u, f.get(address), f.i64(32, 0)));
    f.run(this.#plan.imports.badAccess, [at, low, high, f.i32(bytes), f.i32(write ? 1 : 0)]);
  }
}
