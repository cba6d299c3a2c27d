/** Map types against plain JavaScript models under random commands, and what models do not tell. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMachine, type UserMap } from '../../../vm/index.ts';
import { map } from '../support.ts';
import { differences } from './differences.ts';
import { MachineRunner } from './machine-runner.ts';
import { ModelRunner } from './model/model-runner.ts';
import { scripts } from './scripts/index.ts';
import { PRELUDE } from './scripts/typed.ts';

const CPUS = 3;

test.each([...scripts(CPUS)])('%s', (_, arbitrary) => {
  const machine = new MachineRunner(CPUS, 8 << 20);
  fc.assert(
    fc.property(arbitrary, (script) => {
      expect(differences(PRELUDE, [script], machine, new ModelRunner(CPUS))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

const CAPACITY = 6;

describe.each(['lru_hash', 'lru_percpu_hash'] as const)('%s', (type) => {
  test('gives up what was used least recently, and a full map takes more', () => {
    const machine = createMachine({ memoryLimit: 4 << 20, cpus: 2 });
    const step = fc.tuple(
      fc.constantFrom('update' as const, 'lookup' as const, 'delete' as const),
      fc.nat(9),
      fc.nat(255),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (all) => {
        const real = machine.createMap(map(type, 4, 8, CAPACITY));
        const key = machine.memory.allocate(8, 'key');
        // Insertion order is age: a used key moves to the end.
        const model = new Map<number, number>();
        for (const [kind, number, value] of all) {
          const bytes = Uint8Array.of(number, 0, 0, 0);
          machine.memory.write(key, bytes);
          const held = model.get(number);
          if (kind === 'delete') {
            expect(real.delete(bytes)).toBe(model.delete(number) ? 0 : -2);
            continue;
          }
          if (kind === 'lookup') {
            const address = real.map.lookup(key, 0);
            expect(address === 0 ? undefined : machine.memory.u8[address]).toBe(held);
            if (held === undefined) continue;
          } else {
            expect(real.update(bytes, filled(real, value))).toBe(0);
            if (held === undefined && model.size === CAPACITY) model.delete(model.keys().next().value!);
          }
          model.delete(number);
          model.set(number, kind === 'update' ? value : held!);
        }
        const entries = [...real.entries()].map((one) => [one.key[0]!, one.value[0]!] as const);
        expect(new Map(entries)).toEqual(model);
        expect(real.count()).toBe(model.size);
      }),
      { numRuns: 150 },
    );
  });
});

const filled = (map: UserMap, value: number): Uint8Array =>
  new Uint8Array(map.valueSize * map.copies).fill(value);

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
