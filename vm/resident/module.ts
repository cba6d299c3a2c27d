/**
 * The resident interpreter's module: one loop over records with one table of branches, for each of two memory modes.
 *
 *     configure(room, saves)                            once a machine
 *     run(code, slot, context) → r0 low                 runChecked, …
 *     batch(code, slot, count, contexts, stride) → runs
 *     call(record)                                      in the frame below the register file's r10
 */

import { KERNEL_TAG } from '../address.ts';
import { contextPointer, writeBatch } from '../jit/entry-code.ts';
import { FRAME_SIZE, FRAME_TOP, MAX_LOOPS, REGISTERS, RunState } from '../layout.ts';
import { writeCommit } from '../maps/wasm/ring-code.ts';
import type {
  BuiltModule,
  FunctionBuilder,
  FunctionRef,
  FunctionType,
  ModuleBuilder,
  Value,
} from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import { callHandlers } from './call-handlers.ts';
import { computationHandlers, type Handler } from './computation.ts';
import { importAll } from './imports.ts';
import { memoryHandlers } from './memory-handlers.ts';
import { NUMBERS } from './numbers.ts';
import { FRAME_REGISTER, type ModuleScope, Scope } from './scope.ts';

/** Any memory of a machine: its own limits lie between. */
const MEMORY = { initial: 2, maximum: 0x8000 } as const;
const AT_RECORD: FunctionType = { params: ['i32'], result: undefined };
const COMMIT: FunctionType = { params: ['i32'], result: 'i32' };
const RUN: FunctionType = { params: ['i32', 'i32', 'i32'], result: 'i32' };
const BATCH: FunctionType = { params: ['i32', 'i32', 'i32', 'i32', 'i32'], result: 'i32' };

export function residentModule(module: ModuleBuilder): BuiltModule {
  module.importMemory(MEMORY);
  module.importTable(1);
  const imports = importAll(module);
  const scope: ModuleScope = {
    imports,
    room: module.global('i64'),
    saves: module.global('i32'),
    submit: module.declare('submit', COMMIT),
    discard: module.declare('discard', COMMIT),
  };
  for (const discard of [false, true]) {
    const f = module.define(discard ? scope.discard : scope.submit);
    writeCommit(f, discard);
    f.finish();
  }
  const declare = (name: string): FunctionRef => module.declare(name, AT_RECORD);
  const interpret = [declare('interpret'), declare('interpretChecked')] as const;
  const callback = [declare('call'), declare('callChecked')] as const;
  for (const [index, suffix] of ['', 'Checked'].entries()) {
    const own = interpret[index]!;
    const functions = { callback: callback[index]!, interpretOther: interpret[1 - index]! };
    defineInterpreter(new Scope(module.define(own), scope, functions, index === 1));
    defineCall(module.define(callback[index]!), own);
    module.export(`call${suffix}`, callback[index]!);
    const run = module.declare('run', RUN);
    defineRun(module.define(run), own);
    module.export(`run${suffix}`, run);
    const batch = module.declare('batch', BATCH);
    defineBatch(module.define(batch), run);
    module.export(`batch${suffix}`, batch);
  }
  defineConfigure(module, scope);
  return module.finish();
}

function defineConfigure(module: ModuleBuilder, { room, saves }: ModuleScope): void {
  const configure = module.declare('configure', { params: ['i32', 'i32'], result: undefined });
  const f = module.define(configure);
  f.setGlobal(room, f.unary(I64.extend_i32_u, f.get(f.param(0))));
  f.setGlobal(saves, f.get(f.param(1)));
  f.finish();
  module.export('configure', configure);
}

function defineInterpreter(scope: Scope): void {
  const { f } = scope;
  f.set(scope.base, scope.load(FRAME_REGISTER));
  f.set(scope.loops, f.i32(MAX_LOOPS));
  if (scope.isChecked) f.set(scope.room, f.getGlobal(scope.module.room));
  scope.loadFuel();
  scope.next = f.loop();
  writeHandlers(scope, [...computationHandlers(), ...memoryHandlers(), ...callHandlers()]);
  f.end();
  f.finish();
}

/** A block for each handler, the first one innermost: its code follows the block's end. */
function writeHandlers(scope: Scope, handlers: readonly Handler[]): void {
  const { f } = scope;
  const none = f.block();
  const labels = handlers.map(() => f.block()).reverse();
  const byNumber = new Array(NUMBERS).fill(none);
  for (const [index, { numbers }] of handlers.entries()) {
    for (const number of numbers) byNumber[number] = labels[index];
  }
  f.brTable(byNumber, none, f.load(I32.load8_u, f.get(scope.pc), 0));
  for (const { write, hasDestination } of handlers) {
    f.end();
    if (hasDestination) scope.operands.begin();
    write(scope);
    scope.advance();
  }
  f.end();
  f.unreachable();
}

/** Callees keep r6 ... r9 and r10 for callers. */
function defineCall(f: FunctionBuilder, interpret: FunctionRef): void {
  const kept = [6, 7, 8, 9].map((register) => ({ at: REGISTERS + register * 8, local: f.local('i64') }));
  for (const { at, local } of kept) f.set(local, f.load(I64.load, f.i32(0), at));
  moveFrame(f, -FRAME_SIZE);
  f.run(interpret, [f.get(f.param(0))]);
  for (const { at, local } of kept) put(f, at, () => f.get(local));
  moveFrame(f, FRAME_SIZE);
  f.finish();
}

function moveFrame(f: FunctionBuilder, bytes: number): void {
  const address = f.i32(0);
  const moved = f.binary(I32.add, f.load(I32.load, f.i32(0), FRAME_REGISTER), f.i32(bytes));
  f.store(I32.store, address, moved, FRAME_REGISTER);
}

function defineRun(f: FunctionBuilder, interpret: FunctionRef): void {
  const [code, slot, context] = [f.param(0), f.param(1), f.param(2)];
  for (const register of [0, 2, 3, 4, 5, 6, 7, 8, 9]) put(f, REGISTERS + register * 8, () => f.i64(0, 0));
  put(f, REGISTERS + 8, () => contextPointer(f, context));
  put(f, FRAME_REGISTER, () => f.i64(FRAME_TOP, KERNEL_TAG));
  putWord(f, RunState.program, () => f.get(slot));
  putWord(f, RunState.fuel, () => f.load(I32.load, f.i32(0), RunState.fuelLimit));
  putWord(f, RunState.refills, () => f.i32(MAX_LOOPS));
  putWord(f, RunState.tailCalls, () => f.i32(0));
  f.run(interpret, [f.get(code)]);
  f.return(f.load(I32.load, f.i32(0), REGISTERS));
  f.finish();
}

function put(f: FunctionBuilder, at: number, value: () => Value): void {
  const address = f.i32(0);
  f.store(I64.store, address, value(), at);
}

function putWord(f: FunctionBuilder, at: number, value: () => Value): void {
  const address = f.i32(0);
  f.store(I32.store, address, value(), at);
}

function defineBatch(f: FunctionBuilder, run: FunctionRef): void {
  const [code, slot, count, context, stride] = [f.param(0), f.param(1), f.param(2), f.param(3), f.param(4)];
  writeBatch(f, { count, context, stride }, () => f.call(run, [f.get(code), f.get(slot), f.get(context)]));
}
