/** Scripts for maps that hold bytes: tables, arrays, tries, queues, bloom filters, and buffers, which refuse all of it. */
import fc from 'fast-check';
import { MapFlags, type MapTypeName } from '../../../../bpf/maps.ts';
import { hexOf } from '../machine-runner.ts';
import {
  access,
  batches,
  contents,
  copied,
  elements,
  frozen,
  index,
  key,
  PAGES,
  READ_FLAGS,
  type Script,
  type Shape,
  scriptOf,
  sizes,
  value,
} from './parts.ts';

export function keyed(
  type: MapTypeName,
  cpus: number,
  flags: fc.Arbitrary<number>,
  maxEntries: fc.Arbitrary<number> = fc.integer({ min: 1, max: 6 }),
): fc.Arbitrary<Script> {
  const shape = fc
    .record({ keySize: sizes, valueSize: sizes, maxEntries, flags, access })
    .map(({ access: who, ...rest }) => ({ ...rest, type, flags: rest.flags | who }));
  return scriptOf(shape, (one) => {
    const keys = key(one.keySize, 9);
    const values = value(copied(one, cpus));
    return fc
      .tuple(
        elements(keys, values),
        batches(keys, values),
        elements(keys, values),
        frozen,
        elements(keys, values),
      )
      .map((parts) => [...parts.flat(), ...contents(one, allKeys(one.keySize, 9)), 'get-batch 0 40 - 0 0']);
  });
}

/** Far more places than keys, so that nothing is given up: when that happens, and to what, no kernel promises. */
export function roomy(type: 'lru_hash' | 'lru_percpu_hash', cpus: number): fc.Arbitrary<Script> {
  const lists = fc.constantFrom(0, MapFlags.NO_COMMON_LRU);
  return keyed(type, cpus, lists, fc.integer({ min: 600, max: 700 }));
}

function allKeys(size: number, count: number): readonly string[] {
  return fc
    .sample(key(size, count), { seed: 1, numRuns: 60 })
    .filter((one, i, all) => all.indexOf(one) === i);
}

export function indexed(type: MapTypeName, cpus: number): fc.Arbitrary<Script> {
  const shape = fc
    .record({ valueSize: sizes, maxEntries: fc.integer({ min: 1, max: 6 }), flags: access })
    .map((rest) => ({ ...rest, type, keySize: 4 }));
  return scriptOf(shape, (one) => {
    const values = value(copied(one, cpus));
    return fc
      .tuple(elements(index, values), batches(index, values), frozen, elements(index, values))
      .map((parts) => [...parts.flat(), ...PAGES]);
  });
}

export function prefixes(): fc.Arbitrary<Script> {
  const shape = fc
    .record({
      bytes: fc.constantFrom(1, 2, 4, 5, 8, 16),
      valueSize: sizes,
      maxEntries: fc.integer({ min: 1, max: 12 }),
      access,
    })
    .map(({ bytes, access: who, ...rest }) => ({
      ...rest,
      type: 'lpm_trie' as const,
      keySize: 4 + bytes,
      flags: MapFlags.NO_PREALLOC | who,
    }));
  return scriptOf(shape, (one) => {
    const bytes = one.keySize - 4;
    // Few bits differ, at both ends.
    const keys = fc.tuple(fc.nat(bytes * 8 + 1), fc.nat(7), fc.nat(3)).map(([length, first, last]) => {
      const all = new Uint8Array(one.keySize);
      new DataView(all.buffer).setUint32(0, length, true);
      all[4] = first << 5;
      all[one.keySize - 1]! |= last;
      return hexOf(all);
    });
    const values = value(one.valueSize);
    return fc
      .tuple(
        elements(keys, values),
        batches(keys, values),
        elements(keys, values),
        frozen,
        elements(keys, values),
      )
      .map((parts) => [...parts.flat(), ...PAGES]);
  });
}

export function keyless(type: 'queue' | 'stack' | 'bloom_filter'): fc.Arbitrary<Script> {
  const bloom = type === 'bloom_filter';
  const shape = fc
    .record({ valueSize: sizes, maxEntries: fc.integer({ min: 1, max: 6 }), access, extra: fc.nat(15) })
    .map(({ access: who, extra, ...rest }) => ({
      ...rest,
      type,
      keySize: 0,
      flags: who | (bloom ? MapFlags.ZERO_SEED : 0),
      extra: bloom ? extra : 0,
    }));
  return scriptOf(shape, (one) => {
    const keys = fc.constantFrom('-', '-', '-', '-', '-', '-', '-', '01020304');
    const values = value(one.valueSize);
    const asked = fc.tuple(keys, READ_FLAGS, values).map(([k, f, v]) => `lookup 0 ${k} ${f} ${v}`);
    const commands = elements(keys, values).map((all) =>
      all.filter((line) => !bloom || !line.startsWith('lookup')),
    );
    const reads = bloom ? fc.array(asked, { maxLength: 30 }) : fc.constant([]);
    return fc
      .tuple(commands, reads, commands, frozen, commands, reads)
      .map((parts) => [...parts.flat(), 'get-batch 0 4 - 0 0']);
  });
}

/** Buffers refuse everything. */
export function refusing(shape: Shape): fc.Arbitrary<Script> {
  const keys = fc.constantFrom('-', '-', '-', '01020304');
  return scriptOf(fc.constant(shape), () =>
    fc
      .tuple(elements(keys, fc.constant('-')), frozen, elements(keys, fc.constant('-')))
      .map((parts) => [...parts.flat(), 'get-batch 0 4 - 0 0']),
  );
}

/** Nothing is attached, so there is nothing to find. */
export function detached(
  type: 'cgroup_storage' | 'percpu_cgroup_storage',
  cpus: number,
): fc.Arbitrary<Script> {
  const shape = fc
    .record({ keySize: fc.constantFrom(8, 16), valueSize: sizes })
    .map((rest) => ({ ...rest, type, maxEntries: 0 }));
  return scriptOf(shape, (one) => elements(key(one.keySize, 4), value(copied(one, cpus))));
}
