import { expect, test } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/index.ts';
import type { VerifierMap } from '../../../verifier/map.ts';
import { hasMapField } from '../../../verifier/structure/map-fields.ts';
import { verify } from '../../../verifier/verify.ts';

const EXIT = Uint8Array.fromHex('b7000000000000009500000000000000');

/** A map whose value is a timer below `levels` structures, each of which has the next fifty times. */
function mapOfLevels(levels: number): VerifierMap {
  const types = new BtfBuilder();
  const int = types.addInt('int', 4, { signed: true });
  const all = (type: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `m${index}`, type, bitOffset: 0, bitSize: 0 }));
  let value = types.addStruct('bpf_timer', 16, all(int, 1));
  for (let level = 0; level < levels; level++) value = types.addStruct(`level${level}`, 16, all(value, 50));
  const size = { keySize: 4, valueSize: 16, maxEntries: 1 };
  return { name: 'm', type: 'array', ...size, flags: 0, types: types.build(), btf: { key: int, value } };
}

test('finds a field as deep as Linux looks, and no time is lost on what comes by again', () => {
  expect(hasMapField(mapOfLevels(8), 'bpf_timer')).toBe(true);
  expect(hasMapField(mapOfLevels(9), 'bpf_timer')).toBe(false);
  expect(hasMapField(mapOfLevels(8), 'bpf_wq')).toBe(false);
});

test('a map of types beyond its table is none, nor is a map of maps of maps', () => {
  const map = mapOfLevels(0);
  const bad = { ...map, btf: { key: 1, value: 99 } };
  const said = (...maps: readonly VerifierMap[]) => verify({ type: 'kprobe', bytes: EXIT, maps });
  expect(said(map, { ...map, innerMap: map })).toMatchObject({ accepted: true });
  for (const one of [bad, { ...map, innerMap: bad }, { ...map, innerMap: { ...map, innerMap: map } }]) {
    expect(said(one)).toMatchObject({ accepted: undefined, refusal: { code: 'VE1901' } });
  }
});
