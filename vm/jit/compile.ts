/** A program -> a WebAssembly module: a function for each of its functions, and how the machine enters them. */
import type { LinearAddress } from '../address.ts';
import { FRAME_SIZE, MAX_LOOPS, REGISTERS, RunState } from '../layout.ts';
import type { BpfMap } from '../maps/map.ts';
import { MapFunctions } from '../maps/wasm/map-functions.ts';
import { CODE_TAG, codeIndex, type Program } from '../program.ts';
import type {
  BuiltModule,
  FunctionBuilder,
  FunctionRef,
  FunctionType,
  ModuleBuilder,
} from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import { contextPointer, writeBatch } from './entry-code.ts';
import { flowGraph, localTarget, type NotCompiled } from './flow-graph.ts';
import { FunctionWriter } from './function-writer.ts';
import { type ConvertedGraph, ifConverted } from './if-conversion.ts';
import { importAll } from './imports.ts';

export interface CompileOptions {
  readonly module: ModuleBuilder;
  /** Of 64 KiB. */
  readonly pages: number;
  /** Bytes of memory, where accesses are to be checked. */
  readonly limit: number | undefined;
  /** The map at an address. */
  readonly mapAt: (address: LinearAddress) => BpfMap | undefined;
}

/** The entry takes the context's pointer, and so do programs that are called as tails. */
const ENTRY: FunctionType = { params: ['i64'], result: 'i64' };
/** r1 ... r5 and the frame's top. */
const FUNCTION: FunctionType = { params: ['i64', 'i64', 'i64', 'i64', 'i64', 'i32'], result: 'i64' };
const RUN: FunctionType = { params: ['i32'], result: 'i32' };
const BATCH: FunctionType = { params: ['i32', 'i32', 'i32'], result: 'i32' };
const CALL: FunctionType = { params: [], result: undefined };

/** Export that runs the function at an instruction with the register file's r1 ... r5. */
export function callName(instruction: number): string {
  return `call${instruction}`;
}

/** Exports `run(context)`, `batch(count, contexts, stride)`, `main(r1)` and {@link callName} of each other function. */
export function compileProgram(program: Program, options: CompileOptions): BuiltModule | NotCompiled {
  const { module } = options;
  const called = calledFunctions(program);
  const starts = called[0] === 0 ? called : [0, ...called];
  const graphs: ConvertedGraph[] = [];
  for (const [index, start] of starts.entries()) {
    const graph = flowGraph(program, start, starts[index + 1] ?? program.instructions.length);
    if ('reason' in graph) return graph;
    graphs.push(ifConverted(program, graph));
  }
  module.importMemory({ initial: options.pages, maximum: options.pages });
  module.importTable(1);
  const imports = importAll(module);
  const main = module.declare('main', ENTRY);
  const functions = new Map<number, FunctionRef>(
    called.map((start) => [start, module.declare(`function${start}`, FUNCTION)]),
  );
  const maps = new MapFunctions(module);
  const { limit, mapAt } = options;
  const write = (fn: FunctionRef, start: number, isEntry: boolean): void => {
    const graph = graphs[starts.indexOf(start)]!;
    const plan = { program, graph, imports, functions, limit, maps, mapAt, isEntry };
    new FunctionWriter(module.define(fn), plan).write();
  };
  write(main, 0, true);
  for (const [start, fn] of functions) write(fn, start, false);
  maps.define();
  const run = defineRun(module, main);
  defineBatch(module, run);
  module.export('main', main);
  for (const [start, fn] of functions) defineCall(module, start, fn);
  return module.finish();
}

/** First instructions of functions that are called, or called back, in their order; the entry may be one of them. */
function calledFunctions(program: Program): readonly number[] {
  const { instructions, code } = program;
  const starts = new Set<number>();
  for (let index = 0; index < instructions.length; index++) {
    const called = localTarget(program, index);
    if (called !== undefined) starts.add(called);
    if (instructions[index]!.op !== 'lddw' || code[index * 4 + 3] !== CODE_TAG) continue;
    const target = codeIndex(program, code[index * 4 + 2]!, CODE_TAG);
    if (target >= 0) starts.add(target >> 2);
  }
  return [...starts].sort((a, b) => a - b);
}

function defineRun(module: ModuleBuilder, main: FunctionRef): FunctionRef {
  const run = module.declare('run', RUN);
  const f = module.define(run);
  const context = f.param(0);
  const result = f.local('i64');
  const set = (address: number, value: number): void => {
    const base = f.i32(0);
    f.store(I32.store, base, f.i32(value), address);
  };
  set(RunState.refills, MAX_LOOPS);
  set(RunState.tailCalls, 0);
  const fuel = f.i32(0);
  f.store(I32.store, fuel, f.load(I32.load, f.i32(0), RunState.fuelLimit), RunState.fuel);
  f.set(result, f.call(main, [contextPointer(f, context)]));
  storeResult(f, () => f.get(result));
  f.return(f.unary(I32.wrap_i64, f.get(result)));
  f.finish();
  module.export('run', run);
  return run;
}

function storeResult(f: FunctionBuilder, result: () => ReturnType<FunctionBuilder['get']>): void {
  const base = f.i32(0);
  f.store(I64.store, base, result(), REGISTERS);
}

function defineBatch(module: ModuleBuilder, run: FunctionRef): void {
  const batch = module.declare('batch', BATCH);
  const f = module.define(batch);
  const variables = { count: f.param(0), context: f.param(1), stride: f.param(2) };
  writeBatch(f, variables, () => f.call(run, [f.get(variables.context)]));
  module.export('batch', batch);
}

/** In the frame below the one of the register file's r10. */
function defineCall(module: ModuleBuilder, start: number, fn: FunctionRef): void {
  const call = module.declare(callName(start), CALL);
  const f = module.define(call);
  const result = f.local('i64');
  const args = [1, 2, 3, 4, 5].map((register) => f.load(I64.load, f.i32(0), REGISTERS + register * 8));
  const frame = f.binary(I32.sub, f.load(I32.load, f.i32(0), REGISTERS + 80), f.i32(FRAME_SIZE));
  f.set(result, f.call(fn, [...args, frame]));
  storeResult(f, () => f.get(result));
  f.finish();
  module.export(callName(start), call);
}
