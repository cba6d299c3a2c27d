/** Arenas: pages against a model, and addresses in programs. User ring buffers and cgroup storage, from outside. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { EINVAL, ENOENT } from '../../../vm/errno.ts';
import { createMachine, USER_TAG } from '../../../vm/index.ts';
import { ARENA_PAGE, type ArenaMap } from '../../../vm/maps/arena-map.ts';
import { CgroupStorageMap } from '../../../vm/maps/cgroup-storage-map.ts';
import { map, object, runOn } from '../support.ts';

const PAGES = 8;
const definition = map('arena', 0, 0, PAGES, { flags: 0x400 });

describe('arena', () => {
  test('gives the lowest pages in a row, zeroed, and those asked for when they are free', () => {
    const machine = createMachine({ memoryLimit: 4 << 20 });
    const step = fc.record({ free: fc.boolean(), at: fc.integer({ min: -1, max: PAGES }), count: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const arena = machine.createMap(definition).map as ArenaMap;
        const used = new Array<boolean>(PAGES).fill(false);
        const isFree = (at: number, count: number): boolean =>
          at >= 0 && at + count <= PAGES && !used.slice(at, at + count).includes(true);
        for (const { free, at, count } of steps) {
          if (free) {
            const first = Math.max(0, at);
            arena.free(arena.start + first * ARENA_PAGE, count);
            used.fill(false, first, first + count);
            continue;
          }
          const lowest = used.findIndex((_, i) => isFree(i, count));
          const want = at < 0 ? lowest : isFree(at, count) ? at : -1;
          const got = arena.allocate(at < 0 ? 0 : arena.start + at * ARENA_PAGE, count);
          if (count === 0 || want < 0) expect(got).toBe(0);
          else {
            expect(got).toBe(arena.start + want * ARENA_PAGE);
            const bytes = machine.memory.bytes(got, count * ARENA_PAGE);
            expect(bytes.every((byte) => byte === 0)).toBe(true);
            bytes.fill(1);
            used.fill(true, want, want + count);
          }
          expect(arena.count()).toBe(used.filter(Boolean).length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an address that is no multiple of pages, and one outside', () => {
    const machine = createMachine({ memoryLimit: 1 << 20 });
    const arena = machine.createMap(definition).map as ArenaMap;
    expect(arena.allocate(arena.start + 8, 1)).toBe(0);
    expect(arena.allocate(arena.start + PAGES * ARENA_PAGE, 1)).toBe(0);
    expect(arena.allocate(arena.start - ARENA_PAGE, 1)).toBe(0);
    arena.free(arena.start - ARENA_PAGE, 1);
    expect(arena.count()).toBe(0);
  });

  test('programs name a place in it, as user space sees it', () => {
    const { instructions } = assembleInstructions('r0 = map[m][0]+4100\nexit');
    const machine = createMachine({ memoryLimit: 1 << 20 });
    const address = runOn(machine, object(instructions, [], [definition]));
    expect(Number(address >> 32n)).toBe(USER_TAG);
    expect(Number(address & 0xffff_ffffn) % ARENA_PAGE).toBe(4);
    const outside = assembleInstructions(`r0 = map[m][0]+${PAGES * ARENA_PAGE}\nexit`).instructions;
    expect(() => runOn(machine, object(outside, [], [definition]))).toThrow(/offset 32768 is outside map m/);
  });
});

test('cgroup storage: there is nothing to change before something is attached', () => {
  const machine = createMachine({ memoryLimit: 1 << 20, cpus: 2 });
  const user = machine.createMap(map('percpu_cgroup_storage', 8, 4, 0));
  const storage = user.map;
  if (!(storage instanceof CgroupStorageMap)) throw new Error('no cgroup storage');
  const [first, second] = [Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0)];
  const value = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect(user.update(first, value)).toBe(ENOENT);
  const key = machine.memory.allocate(8, 'key');
  for (const one of [second, first]) {
    machine.memory.write(key, one);
    const attached = storage.attach(key, 1);
    expect(storage.attach(key, 1)).toBe(attached);
    expect(machine.memory.readLow(attached)).toBe(0);
  }
  expect(user.update(first, value)).toBe(0);
  expect(machine.memory.bytes(storage.attach(key, 1), 4)).toEqual(Uint8Array.of(5, 6, 7, 8));
  expect([...user.entries()]).toEqual([
    { key: second, value: new Uint8Array(8) },
    { key: first, value },
  ]);
  expect(user.delete(first)).toBe(EINVAL);
});
