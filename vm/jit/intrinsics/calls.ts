/** Helpers that call functions and programs: `bpf_loop` of a known callback, tail calls through a known array. */
import { E2BIG, EINVAL } from '../../errno.ts';
import { FRAME_SIZE, MAX_LOOPS, MAX_TAIL_CALLS, RunState } from '../../layout.ts';
import { CODE_TAG, codeIndex } from '../../program.ts';
import type { FunctionType } from '../../wasm/builder.ts';
import { I32, I64 } from '../../wasm/opcodes.ts';
import type { Intrinsic, Intrinsics } from '../call-site.ts';

/** r1 count, r2 callback, r3 its context, r4 flags. Each round may take as many instructions as a run, as in the interpreter. */
const loop: Intrinsic = (site) => {
  const callback = site.known(2);
  const { program, functions } = site.parts.plan;
  if (callback?.kind !== 'number' || callback.high !== CODE_TAG) return false;
  const fn = functions.get(codeIndex(program, callback.low, CODE_TAG) >> 2);
  if (fn === undefined) return false;
  const { f, r } = site;
  const count = site.variable();
  const done = site.variable();
  const result = site.variable();
  f.set(count, r.low(1));
  f.set(done, f.i32(0));
  const out = f.block();
  f.set(result, f.i32(EINVAL));
  f.brIf(out, f.binary(I64.ne, r.get(4), f.i64(0, 0)));
  f.set(result, f.i32(E2BIG));
  f.brIf(out, f.binary(I32.gt_u, f.get(count), f.i32(MAX_LOOPS)));
  site.parts.checkDepth();
  site.parts.storeFuel();
  const rounds = f.block();
  const again = f.loop();
  f.brIf(rounds, f.binary(I32.eq, f.get(done), f.get(count)));
  refill(site);
  const index = f.unary(I64.extend_i32_u, f.get(done));
  const context = r.get(3);
  const rest = [f.i64(0, 0), f.i64(0, 0), f.i64(0, 0)];
  const frame = f.binary(I32.sub, r.frameTop(), f.i32(FRAME_SIZE));
  r.set(0, f.call(fn, [index, context, ...rest, frame]));
  f.set(done, f.binary(I32.add, f.get(done), f.i32(1)));
  f.brIf(again, f.unary(I64.eqz, r.get(0)));
  f.end();
  f.end();
  site.parts.loadFuel();
  f.set(result, f.get(done));
  f.end();
  site.setResult(f.get(result));
  return true;
};

/** As `Machine.callback`: a callback starts with all fuel while there are refills. */
const refill = ({ f, parts }: Parameters<Intrinsic>[0]): void => {
  f.if(f.binary(I32.gt_s, f.load(I32.load, f.i32(0), RunState.refills), f.i32(0)));
  const refills = f.i32(0);
  f.store(
    I32.store,
    refills,
    f.binary(I32.sub, f.load(I32.load, f.i32(0), RunState.refills), f.i32(1)),
    RunState.refills,
  );
  const fuel = f.i32(0);
  f.store(I32.store, fuel, f.load(I32.load, f.i32(0), RunState.fuelLimit), RunState.fuel);
  f.else();
  const left = f.i32(0);
  f.store(
    I32.store,
    left,
    f.binary(I32.sub, f.load(I32.load, f.i32(0), RunState.fuel), f.i32(1)),
    RunState.fuel,
  );
  f.if(f.binary(I32.lt_s, f.load(I32.load, f.i32(0), RunState.fuel), f.i32(0)));
  f.run(parts.plan.imports.outOfFuel, [f.i32(parts.index)]);
  f.unreachable();
  f.end();
  f.end();
};

/** A program's entry in the table. */
const ENTRY: FunctionType = { params: ['i64'], result: 'i64' };

/** r1 context, r2 array, r3 index. Goes on behind the call when there is no program there, or too many calls were made. */
const tailCall: Intrinsic = (site) => {
  const map = site.map(2);
  // What takes a function's place is not the run's last: the function's caller goes on, in the first frame.
  if (!site.parts.plan.isEntry || map?.definition.type !== 'prog_array') {
    site.parts.tail();
    return true;
  }
  const { f, r } = site;
  const cell = site.variable();
  const slot = site.variable();
  const calls = site.variable();
  f.set(cell, r.low(3));
  const out = f.block();
  f.brIf(out, f.binary(I32.ge_u, f.get(cell), f.i32(map.definition.maxEntries)));
  f.set(calls, f.load(I32.load, f.i32(0), RunState.tailCalls));
  f.brIf(out, f.binary(I32.ge_u, f.get(calls), f.i32(MAX_TAIL_CALLS)));
  const address = f.binary(I32.shl, f.get(cell), f.i32(2));
  f.set(slot, f.load(I32.load, address, map.layout.base + map.layout.elements));
  f.brIf(out, f.unary(I32.eqz, f.get(slot)));
  f.set(slot, f.binary(I32.sub, f.get(slot), f.i32(1)));
  f.if(f.tableIsNull(f.get(slot)));
  f.if(f.unary(I32.eqz, f.call(site.parts.plan.imports.compile, [f.get(slot)])));
  site.parts.tail();
  f.br(out);
  f.end();
  f.end();
  const count = f.i32(0);
  f.store(I32.store, count, f.binary(I32.add, f.get(calls), f.i32(1)), RunState.tailCalls);
  site.parts.storeFuel();
  f.returnCallIndirect(ENTRY, [r.get(1)], f.get(slot));
  f.end();
  return true;
};

export const CALL_INTRINSICS: Intrinsics = { loop, tail_call: tailCall };
