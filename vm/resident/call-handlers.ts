/** Handlers of calls, of what needs the machine, and of the ends of functions. */

import { OPCODES } from '../../bpf/opcodes.ts';
import { KERNEL_TAG } from '../address.ts';
import { E2BIG, EINVAL } from '../errno.ts';
import { Current, MAX_LOOPS, RunState } from '../layout.ts';
import { ownType } from '../maps/wasm/operation.ts';
import { PAST_END } from '../program.ts';
import type { FunctionRef, Label, Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import { type Handler, numbers } from './computation.ts';
import { MAP_CALLS, type MapArgument, type MapCall } from './map-calls.ts';
import { Descriptor, Own } from './numbers.ts';
import { DST, SRC } from './operands.ts';
import type { Scope } from './scope.ts';

/** Larger sizes are for the helper to judge. */
const LARGEST_SIZE = 1 << 24;

export function callHandlers(): readonly Handler[] {
  return [
    { numbers: numbers('call'), write: helper },
    { numbers: [Own.local], write: (scope) => scope.enter(() => scope.word(1)) },
    { numbers: numbers('callx'), hasDestination: true, write: callRegister },
    { numbers: numbers('gotox'), hasDestination: true, write: jumpRegister },
    { numbers: numbers('exit'), write: (scope) => scope.leave() },
    { numbers: [PAST_END], write: pastEnd },
    ...OPCODES.filter(({ form }) => form === 'ldabs' || form === 'ldind').map(packetLoad),
    { numbers: [Own.current], write: current },
    { numbers: [Own.cpu], write: cpu },
    { numbers: [Own.random], write: random },
    { numbers: [Own.loop], write: loop },
    { numbers: [Own.tailCall], write: tailCall },
    { numbers: [Own.submit], write: (scope) => commit(scope, scope.module.submit) },
    { numbers: [Own.discard], write: (scope) => commit(scope, scope.module.discard) },
    ...MAP_CALLS.map((call, index) => ({
      numbers: [Own.map + index],
      write: (scope: Scope) => mapCall(scope, call),
    })),
  ];
}

/** Tells the machine where it is called from. */
function storePlace(scope: Scope): void {
  scope.store(RunState.pc, () => scope.word(3));
}

function helper(scope: Scope): void {
  storePlace(scope);
  scope.storeFuel();
  scope.f.run(scope.module.imports.helper, [scope.word(2)]);
  scope.loadFuel();
}

function codeTarget(scope: Scope): Value {
  const { f, pc, operands } = scope;
  operands.immediate = false;
  const high = f.binary(I64.shr_u, operands.get(DST), f.i64(32, 0));
  f.set(scope.address, high);
  const low = operands.low(DST);
  f.set(scope.where, low);
  return f.call(scope.module.imports.target, [
    f.get(pc),
    f.get(scope.where),
    f.unary(I32.wrap_i64, f.get(scope.address)),
  ]);
}

function callRegister(scope: Scope): void {
  const { f } = scope;
  const target = f.local('i32');
  f.set(target, codeTarget(scope));
  scope.enter(() => f.get(target));
}

function jumpRegister(scope: Scope): void {
  const { f } = scope;
  const target = f.local('i32');
  f.set(target, codeTarget(scope));
  scope.take(f.i32(1));
  f.set(scope.pc, f.get(target));
  f.br(scope.next);
}

function pastEnd({ f, pc, module }: Scope): void {
  f.run(module.imports.pastEnd, [f.get(pc)]);
  f.unreachable();
}

/** Beyond the packet the function ends with 0. */
function packetLoad({ code, form, bytes }: (typeof OPCODES)[number]): Handler {
  return {
    numbers: [code],
    write: (scope) => {
      const { f, pc, operands } = scope;
      operands.immediate = false;
      const at = f.get(pc);
      const offset = form === 'ldabs' ? scope.word(2) : f.binary(I32.add, operands.low(SRC), scope.word(2));
      f.if(f.unary(I32.eqz, f.call(scope.module.imports.packetLoad, [at, offset, f.i32(bytes)])));
      scope.leave();
      f.end();
    },
  };
}

/** Where the field does not hold, its helper tells it. */
function current(scope: Scope): void {
  const { f, pc } = scope;
  const bit = f.load(I32.load8_u, f.get(pc), 2);
  f.if(f.binary(I32.and, bit, scope.load(Current.known)));
  scope.setRegister(0, () => f.load(I64.load, scope.word(1), 0));
  f.else();
  helper(scope);
  f.end();
}

function cpu(scope: Scope): void {
  scope.setRegister(0, () => scope.f.load(I64.load32_s, scope.f.i32(0), Current.cpu));
}

/** `randomNext` of random.ts. */
function random(scope: Scope): void {
  const { f, where } = scope;
  f.set(where, scope.load(RunState.random));
  for (const [shift, bits] of [
    [I32.shl, 13],
    [I32.shr_u, 17],
    [I32.shl, 5],
  ] as const) {
    f.set(where, f.binary(I32.xor, f.get(where), f.binary(shift, f.get(where), f.i32(bits))));
  }
  scope.store(RunState.random, () => f.get(where));
  scope.setRegister(0, () => f.unary(I64.extend_i32_u, f.get(where)));
}

/** r1 count, r2 callback, r3 its context, r4 flags. Each round starts with all fuel while there are refills. */
function loop(scope: Scope): void {
  const { f } = scope;
  const [count, done, result, target] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const context = f.local('i64');
  f.set(count, scope.registerLow(1));
  f.set(done, f.i32(0));
  f.set(context, scope.register(3));
  f.set(target, scope.word(1));
  const out = f.block();
  f.set(result, f.i32(EINVAL));
  f.brIf(out, f.binary(I64.ne, scope.register(4), f.i64(0, 0)));
  f.set(result, f.i32(E2BIG));
  f.brIf(out, f.binary(I32.gt_u, f.get(count), f.i32(MAX_LOOPS)));
  scope.storeFuel();
  const rounds = f.block();
  const again = f.loop();
  f.brIf(rounds, f.binary(I32.eq, f.get(done), f.get(count)));
  scope.checkDepth();
  refill(scope);
  scope.setRegister(1, () => f.unary(I64.extend_i32_u, f.get(done)));
  scope.setRegister(2, () => f.get(context));
  f.run(scope.callback, [f.get(target)]);
  f.set(done, f.binary(I32.add, f.get(done), f.i32(1)));
  f.brIf(again, f.unary(I64.eqz, scope.register(0)));
  f.end();
  f.end();
  scope.loadFuel();
  f.set(result, f.get(done));
  f.end();
  scope.setRegister(0, () => f.unary(I64.extend_i32_s, f.get(result)));
}

function refill(scope: Scope): void {
  const { f } = scope;
  f.if(f.binary(I32.gt_s, scope.load(RunState.refills), f.i32(0)));
  scope.store(RunState.refills, () => f.binary(I32.sub, scope.load(RunState.refills), f.i32(1)));
  scope.store(RunState.fuel, () => scope.load(RunState.fuelLimit));
  f.end();
}

/** The other program takes the place of the function that calls; in the other mode it runs in a loop of its own. */
function tailCall(scope: Scope): void {
  const { f } = scope;
  const target = f.local('i32');
  storePlace(scope);
  f.set(target, f.call(scope.module.imports.tail, []));
  f.if(f.get(target));
  f.if(f.binary(I32.and, f.get(target), f.i32(1)));
  scope.storeFuel();
  f.run(scope.interpretOther, [f.binary(I32.sub, f.get(target), f.i32(1))]);
  scope.loadFuel();
  scope.leave();
  f.end();
  f.set(scope.loops, f.i32(MAX_LOOPS));
  f.set(scope.pc, f.get(target));
  f.br(scope.next);
  f.end();
}

/** The helper faults where no record is. */
function commit(scope: Scope, fn: FunctionRef): void {
  const { f } = scope;
  f.if(f.unary(I32.eqz, f.call(fn, [scope.registerLow(1)])));
  helper(scope);
  f.end();
}

function mapCall(scope: Scope, call: MapCall): void {
  const { f, where } = scope;
  const descriptor = where;
  f.set(descriptor, scope.word(1));
  const general = f.block();
  for (const argument of call.args) guard(scope, general, argument, descriptor);
  const args = call.args.map(({ kind, register }) =>
    kind === 'flags' ? scope.register(register) : scope.registerLow(register),
  );
  const result = f.local('i32');
  f.set(result, f.callIndirect(ownType(call.operation), args, field(scope, descriptor, Descriptor.slot)));
  scope.setRegister(0, () =>
    call.isAddress ? pointer(scope, result) : f.unary(I64.extend_i32_s, f.get(result)),
  );
  scope.advance();
  f.end();
  helper(scope);
}

function field({ f }: Scope, descriptor: Local, at: number): Value {
  return f.load(I32.load, f.get(descriptor), at);
}

/** The kernel pointer to an address; NULL for 0. */
function pointer({ f }: Scope, address: Local): Value {
  const tagged = f.binary(I64.or, f.unary(I64.extend_i32_u, f.get(address)), f.i64(0, KERNEL_TAG));
  return f.select(tagged, f.i64(0, 0), f.get(address));
}

/** Leaves arguments that are not plainly good to the helper. */
function guard(scope: Scope, general: Label, argument: MapArgument, descriptor: Local): void {
  const { f } = scope;
  if (argument.kind === 'flags') return;
  if (argument.kind === 'size') {
    f.brIf(general, f.binary(I64.gt_u, scope.register(argument.register), f.i64(LARGEST_SIZE, 0)));
    return;
  }
  if (!scope.isChecked) return;
  const bytes = (): Value => {
    if (argument.kind === 'data') return scope.register(argument.size);
    const at = argument.kind === 'key' ? Descriptor.keySize : Descriptor.valueSize;
    return f.unary(I64.extend_i32_u, field(scope, descriptor, at));
  };
  if (argument.kind === 'data') f.brIf(general, f.binary(I64.gt_u, bytes(), f.i64(LARGEST_SIZE, 0)));
  f.set(scope.address, scope.register(argument.register));
  f.brIf(general, scope.isOutside(bytes));
}
