/** Map types against plain JavaScript models under random operations, through user space's view and the program's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MapTypeName } from '../../../bpf/maps.ts';
import { E2BIG, EEXIST, EINVAL, ENOENT } from '../../../vm/errno.ts';
import { createMachine, type UserMap } from '../../../vm/index.ts';
import { map } from '../support.ts';

const CAPACITY = 6;
type Step = readonly [kind: 'update' | 'delete' | 'lookup', key: number, value: number, flags: number];
const steps = fc.array(
  fc.tuple(
    fc.constantFrom('update' as const, 'update' as const, 'delete' as const, 'lookup' as const),
    fc.nat(9),
    fc.nat(255),
    fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
  ),
  { maxLength: 60 },
);

function keyBytes(key: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes[size - 1] = key;
  return bytes;
}

const filled = (map: UserMap, value: number): Uint8Array =>
  new Uint8Array(map.valueSize * map.copies).fill(value);

function stepHash(model: Map<number, number>, [kind, key, value, flags]: Step): number {
  if (kind === 'delete') return model.delete(key) ? 0 : ENOENT;
  if (flags > 2) return EINVAL;
  if (model.has(key) && flags === 1) return EEXIST;
  if (!model.has(key) && flags === 2) return ENOENT;
  if (!model.has(key) && model.size >= CAPACITY) return E2BIG;
  model.set(key, value);
  return 0;
}

function same(real: UserMap, model: ReadonlyMap<number, number>): void {
  const entries = [...real.entries()].map(({ key, value }) => [key[key.length - 1], value[0]]);
  expect(new Map(entries as [number, number][])).toEqual(new Map(model));
  expect(entries.length).toBe(model.size);
  expect(real.count()).toBe(model.size);
}

describe.each(['hash', 'percpu_hash'] as const)('%s', (type) => {
  test.each([1, 3, 4, 8, 16, 20, 33])('with keys of %i bytes', (keySize) => {
    const machine = createMachine({ memoryLimit: 4 << 20, cpus: 3 });
    fc.assert(
      fc.property(steps, (all) => {
        const real = machine.createMap(map(type, keySize, 5, CAPACITY));
        const model = new Map<number, number>();
        for (const step of all) {
          const [kind, key, value, flags] = step;
          const bytes = keyBytes(key, keySize);
          if (kind === 'lookup') {
            expect(real.lookup(bytes)?.[0]).toBe(model.get(key));
            continue;
          }
          const got = kind === 'delete' ? real.delete(bytes) : real.update(bytes, filled(real, value), flags);
          expect(got).toBe(stepHash(model, step));
        }
        same(real, model);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(['lru_hash', 'lru_percpu_hash'] as const)('%s', (type) => {
  test('gives up what was used least recently', () => {
    const machine = createMachine({ memoryLimit: 4 << 20, cpus: 2 });
    fc.assert(
      fc.property(steps, (all) => {
        const real = machine.createMap(map(type, 4, 8, CAPACITY));
        const key = machine.memory.allocate(8, 'key');
        // Insertion order is age: a used key moves to the end.
        const model = new Map<number, number>();
        for (const [kind, number, value, flags] of all) {
          machine.memory.write(key, keyBytes(number, 4));
          if (kind === 'lookup') {
            const address = real.map.lookup(key, 0);
            const known = model.get(number);
            expect(address === 0 ? undefined : machine.memory.u8[address]).toBe(known);
            if (known === undefined) continue;
            model.delete(number);
            model.set(number, known);
            continue;
          }
          const full = model.size >= CAPACITY && !model.has(number) && flags !== 2 && flags < 3;
          if (kind === 'update' && full) model.delete(model.keys().next().value!);
          const bytes = keyBytes(number, 4);
          const got = kind === 'delete' ? real.delete(bytes) : real.update(bytes, filled(real, value), flags);
          const held = model.get(number);
          expect(got).toBe(stepHash(model, [kind, number, value, flags]));
          if (got === 0 && kind === 'update' && held !== undefined) {
            model.delete(number);
            model.set(number, value);
          }
        }
        same(real, model);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(['array', 'percpu_array'] as const satisfies readonly MapTypeName[])('%s', (type) => {
  test('has all elements from the start', () => {
    const machine = createMachine({ memoryLimit: 4 << 20, cpus: 2 });
    fc.assert(
      fc.property(steps, (all) => {
        const real = machine.createMap(map(type, 4, 3, CAPACITY));
        const model = new Array<number>(CAPACITY).fill(0);
        for (const [kind, key, value, flags] of all) {
          const bytes = Uint8Array.of(key, 0, 0, 0);
          if (kind === 'lookup') expect(real.lookup(bytes)?.[0]).toBe(model[key]);
          else if (kind === 'delete') expect(real.delete(bytes)).toBe(EINVAL);
          else {
            const want = flags >= 3 ? EINVAL : key >= CAPACITY ? E2BIG : flags === 1 ? EEXIST : 0;
            expect(real.update(bytes, filled(real, value), flags)).toBe(want);
            if (want === 0) model[key] = value;
          }
        }
        expect([...real.entries()].map(({ value }) => value[0])).toEqual(model);
      }),
      { numRuns: 100 },
    );
  });
});

test('values keep their address while other elements come and go', () => {
  const machine = createMachine({ memoryLimit: 4 << 20 });
  const real = machine.createMap(map('hash', 4, 8, 64));
  const key = machine.memory.allocate(8, 'key');
  for (let i = 0; i < 64; i++) real.update(Uint8Array.of(i, 0, 0, 0), filled(real, i));
  machine.memory.write(key, Uint8Array.of(33, 0, 0, 0));
  const before = real.map.lookup(key, 0);
  for (let i = 0; i < 64; i += 2) real.delete(Uint8Array.of(i, 0, 0, 0));
  for (let i = 100; i < 120; i++) real.update(Uint8Array.of(i, 0, 0, 0), filled(real, i));
  expect(real.map.lookup(key, 0)).toBe(before);
  expect(machine.memory.u8[before]).toBe(33);
});

test('a program update of a new per-CPU element zeroes the other copies', () => {
  const machine = createMachine({ memoryLimit: 4 << 20, cpus: 3 });
  const real = machine.createMap(map('percpu_hash', 4, 8, 2));
  const key = machine.memory.allocate(8, 'key');
  const value = machine.memory.allocate(8, 'value');
  real.update(new Uint8Array(4), filled(real, 9));
  real.delete(new Uint8Array(4));
  machine.memory.write(value, new Uint8Array(8).fill(5));
  expect(real.map.update(key, value, 0, 1)).toBe(0);
  const copies = real.lookup(new Uint8Array(4))!;
  expect([copies[0], copies[8], copies[16]]).toEqual([0, 5, 0]);
});
