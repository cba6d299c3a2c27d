/** Creations of maps of all kinds. */
import fc from 'fast-check';
import {
  type EntriesRule,
  MAP_TYPES,
  MapFlags,
  type MapSpec,
  mapType,
  type SizeRule,
} from '../../../../bpf/maps.ts';
import { createError } from '../../../../vm/maps/create-check.ts';
import { mapLine } from './parts.ts';
import { LOCKED } from './typed.ts';

const ENTRIES: Readonly<Record<EntriesRule, number>> = { some: 3, zero: 0, one: 1, pages: 4096, cpus: 2 };

function least(rule: SizeRule): number {
  return rule.kind === 'range' ? rule.min : rule.oneOf[0]!;
}

/** Creations of all kinds: what `BPF_MAP_CREATE` makes of sizes and flags. The second map is one inside another. */
export function creations(cpus: number): fc.Arbitrary<readonly string[]> {
  const bits = Object.values(MapFlags).filter(
    (flag) => flag !== MapFlags.TOKEN_FD && flag !== MapFlags.PATH_FD,
  );
  const spec = fc.record({
    type: fc.constantFrom(...MAP_TYPES.filter(({ id }) => id < 34).map(({ name }) => name)),
    keySize: fc.constantFrom(0, 1, 4, 4, 4, 5, 8, 16, 20, 260, 261, 512, 513, 4_194_256, 4_194_304),
    valueSize: fc.constantFrom(
      0,
      1,
      3,
      4,
      4,
      8,
      8,
      16,
      40,
      1016,
      1024,
      4064,
      4096,
      32_760,
      32_768,
      32_769,
      65_471,
      65_472,
      65_536,
      4_194_024,
      4_194_025,
      4_194_255,
      4_194_256,
      4_194_304,
      4_194_305,
      0x8000_0000,
    ),
    maxEntries: fc.constantFrom(
      0,
      0,
      1,
      1,
      2,
      3,
      5,
      5,
      4096,
      4097,
      8192,
      8193,
      2 ** 20,
      2 ** 20 + 1,
      2 ** 27 + 1,
      2 ** 31,
      2 ** 31 + 1,
      0xffff_ffff,
    ),
    flags: fc.oneof(
      fc.constantFrom(0, 0, 1, 1, MapFlags.MMAPABLE),
      fc.subarray(bits, { maxLength: 2 }).map((all) => all.reduce((sum, bit) => sum | bit, 0)),
    ),
    mapExtra: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0n) },
      { weight: 1, arbitrary: fc.constantFrom(5n, 15n, 16n, 4096n, 0xffff_f000n, 0x7f00_0000_0000n) },
    ),
    numaNode: fc.constantFrom(0, 0, 0, 0, 1),
    typed: fc.boolean(),
    plain: fc.subarray(['keySize', 'valueSize', 'maxEntries', 'flags'] as const),
  });
  return spec.map(({ typed, plain, ...random }) => {
    // Mostly all is as the type wants it, but for one thing.
    const row = mapType(random.type);
    const usual = {
      keySize: least(row.key),
      valueSize: least(row.value),
      maxEntries: ENTRIES[row.entries],
      flags: row.requiredFlags,
    };
    const rest = { ...random, ...Object.fromEntries(plain.map((field) => [field, usual[field]])) };
    const outside = mapType(rest.type).mapOfMaps;
    const inner = { type: 'hash', keySize: 4, valueSize: 8, maxEntries: 3, flags: 0 } as const;
    const btf = typed ? { btf: { key: LOCKED.key, value: LOCKED.value } } : {};
    const whole: MapSpec = { ...rest, ...(outside && { inner }), ...(mapType(rest.type).needsBtf && btf) };
    // What Linux would really make is kept small.
    const bytes = (whole.keySize + whole.valueSize) * Math.max(1, whole.maxEntries);
    const made = createError(whole, cpus) === 0;
    // These ask for what a kernel is built with, or for what loaders fill in.
    if (rest.type === 'cpumap' && rest.maxEntries > 5 && rest.maxEntries < 1 << 20) return [];
    if (rest.type === 'perf_event_array' && rest.maxEntries === 0) return [];
    if (rest.type === 'arena' && rest.maxEntries > 1 << 12) return [];
    if (rest.type === 'struct_ops' || (made && (bytes > 1 << 24 || whole.maxEntries > 1 << 20))) return [];
    const types = whole.btf === undefined ? '- 0 0' : `0 ${whole.btf.key} ${whole.btf.value}`;
    const { type, keySize, valueSize, maxEntries, flags, mapExtra, numaNode } = whole;
    const line = `map ${mapType(type).id} ${keySize} ${valueSize} ${maxEntries} ${flags} ${mapExtra} ${numaNode} ${types} ${outside ? 0 : '-'}`;
    return [mapLine(inner), line];
  });
}
