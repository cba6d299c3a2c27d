/** Map operations on a map that is known where the helper is called: functions of the same module, or the lookup in place. */
import { I32 } from '../../wasm/opcodes.ts';
import type { CallSite, Intrinsic, Intrinsics } from '../call-site.ts';

const lookup: Intrinsic = (site) => {
  const map = site.map(1);
  if (map === undefined) return false;
  const { f, maps } = site.parts;
  const fn = maps.get(map, 'lookup');
  if (fn === undefined) return false;
  const key = site.address(2, map.layout.keySize);
  const result = site.variable();
  f.set(result, maps.inlineLookup(f, map, key, () => site.variable()) ?? f.call(fn, [f.get(key)]));
  site.setPointer(result);
  return true;
};

const update: Intrinsic = (site) => {
  const fn = site.operation(1, 'update');
  if (fn === undefined) return false;
  const { f, r } = site;
  const { layout } = site.map(1)!;
  const key = site.address(2, layout.keySize);
  const value = site.address(3, layout.valueSize);
  site.setResult(f.call(fn, [f.get(key), f.get(value), r.get(4)]));
  return true;
};

const remove: Intrinsic = (site) => {
  const fn = site.operation(1, 'delete');
  if (fn === undefined) return false;
  const key = site.address(2, site.map(1)!.layout.keySize);
  site.setResult(site.f.call(fn, [site.f.get(key)]));
  return true;
};

const push: Intrinsic = (site) => {
  const fn = site.operation(1, 'push');
  if (fn === undefined) return false;
  const { f, r } = site;
  const value = site.address(2, site.map(1)!.layout.valueSize);
  site.setResult(f.call(fn, [f.get(value), r.get(3)]));
  return true;
};

const take =
  (name: 'pop' | 'peek'): Intrinsic =>
  (site) => {
    const fn = site.operation(1, name);
    if (fn === undefined) return false;
    const target = site.address(2, site.map(1)!.layout.valueSize, true);
    site.setResult(site.f.call(fn, [site.f.get(target)]));
    return true;
  };

/** A size that is known and can be one. */
function sizeOf(site: CallSite, register: number): number | undefined {
  const size = site.known(register);
  return size?.kind === 'number' && size.high === 0 && size.low >= 0 ? size.low : undefined;
}

const reserve: Intrinsic = (site) => {
  const size = sizeOf(site, 2);
  const fn = site.operation(1, 'reserve');
  if (fn === undefined || size === undefined) return false;
  const { f, r } = site;
  const result = site.variable();
  f.set(result, f.call(fn, [f.i32(size), r.get(3)]));
  site.setPointer(result);
  return true;
};

/** r1 ring, r2 data, r3 size, r4 flags. */
const ringOutput: Intrinsic = (site) => output(site, { map: 1, data: 2, size: 3, flags: 4 });
/** r1 context, r2 array, r3 flags, r4 data, r5 size. Bytes of a packet, which the flags' upper half asks for, are the helper's. */
const perfOutput: Intrinsic = (site) => {
  const flags = site.known(3);
  if (flags?.kind !== 'number' || flags.high !== 0) return false;
  return output(site, { map: 2, data: 4, size: 5, flags: 3 });
};

/** r1 record. The helper faults where there is none; it judges all where no verifier has. */
const commit =
  (discard: boolean): Intrinsic =>
  (site) => {
    const { f, maps, plan, general } = site.parts;
    if (plan.program.mode !== 'trusted') return false;
    f.if(f.unary(I32.eqz, f.call(maps.commit(discard), [site.r.low(1)])));
    general();
    f.end();
    return true;
  };

interface OutputArguments {
  readonly map: number;
  readonly data: number;
  readonly size: number;
  readonly flags: number;
}

function output(site: CallSite, at: OutputArguments): boolean {
  const size = sizeOf(site, at.size);
  const fn = site.operation(at.map, 'output');
  if (fn === undefined || size === undefined) return false;
  const { f, r } = site;
  const data = site.address(at.data, size);
  site.setResult(f.call(fn, [f.get(data), f.i32(size), r.get(at.flags)]));
  return true;
}

export const MAP_INTRINSICS: Intrinsics = {
  map_lookup_elem: lookup,
  map_update_elem: update,
  map_delete_elem: remove,
  map_push_elem: push,
  map_pop_elem: take('pop'),
  map_peek_elem: take('peek'),
  ringbuf_reserve: reserve,
  ringbuf_output: ringOutput,
  ringbuf_submit: commit(false),
  ringbuf_discard: commit(true),
  perf_event_output: perfOutput,
};
