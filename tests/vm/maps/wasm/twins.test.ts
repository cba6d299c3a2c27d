/**
 * Two maps of one definition: one is used in JavaScript alone, the other by JavaScript and both kinds of compiled
 * operations in turn. After any operations they hold the same bytes, and each result was that of a plain model.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MapDefinition } from '../../../../bpf/maps.ts';
import { E2BIG, EEXIST, EINVAL, ENOENT } from '../../../../vm/errno.ts';
import { createMachine, type Machine } from '../../../../vm/index.ts';
import { Current } from '../../../../vm/layout.ts';
import type { BpfMap } from '../../../../vm/maps/map.ts';
import { map } from '../../support.ts';
import {
  inlineOperations,
  type Operations,
  ownOperations,
  scriptOperations,
  sharedOperations,
} from './compiled.ts';

const CPUS = 3;
const FLAGS = [0n, 0n, 0n, 1n, 2n, 3n, 4n, 5n, 1n << 32n, 1n << 63n, 0xffff_fffen];

interface Step {
  readonly kind: 'lookup' | 'update' | 'delete' | 'next';
  readonly way: 0 | 1 | 2 | 3;
  readonly key: number;
  readonly value: number;
  readonly flags: bigint;
  readonly cpu: number;
  /** Bytes off a multiple of 8 where the key and the value lie. */
  readonly shift: number;
}

function stepsOver(keys: number): fc.Arbitrary<Step[]> {
  const step = fc.record({
    kind: fc.constantFrom('lookup', 'update', 'update', 'update', 'delete', 'next' as const),
    way: fc.constantFrom(0, 1, 2, 3),
    key: fc.nat(keys - 1),
    value: fc.nat(255),
    flags: fc.constantFrom(...FLAGS),
    cpu: fc.nat(CPUS - 1),
    shift: fc.constantFrom(0, 0, 4, 1),
  });
  return fc.array(step, { minLength: 20, maxLength: 120 }) as fc.Arbitrary<Step[]>;
}

/** Bytes of two maps of one definition, without what belongs to the instance: slots and ids in the header. */
function content(machine: Machine, { layout }: BpfMap): Uint8Array {
  const bytes = machine.memory.bytes(layout.base, layout.size).slice();
  bytes.fill(0, 5 * 4, 16 * 4);
  return bytes;
}

/** What a map should do: its entries in order of use, oldest first. */
class Model {
  readonly entries = new Map<number, number[]>();
  readonly #definition: MapDefinition;
  readonly #recent: boolean;
  readonly #perCpu: boolean;

  constructor(definition: MapDefinition) {
    this.#definition = definition;
    this.#recent = definition.type.startsWith('lru');
    this.#perCpu = definition.type.includes('percpu');
  }

  lookup(key: number, cpu: number): number | undefined {
    const copies = this.entries.get(key);
    if (copies === undefined) return undefined;
    this.#use(key, copies);
    return copies[this.#perCpu ? cpu : 0];
  }

  update(key: number, value: number, flags: bigint, cpu: number): number {
    if (flags > 2n) return EINVAL;
    const held = this.entries.get(key);
    if (held !== undefined && flags === 1n) return EEXIST;
    if (held === undefined && flags === 2n) return ENOENT;
    if (held === undefined && this.entries.size === this.#definition.maxEntries) {
      if (!this.#recent) return E2BIG;
      this.entries.delete(this.entries.keys().next().value!);
    }
    const copies = held ?? new Array<number>(CPUS).fill(0);
    copies[this.#perCpu ? cpu : 0] = value;
    this.entries.set(key, copies);
    this.#use(key, copies);
    return 0;
  }

  delete(key: number): number {
    return this.entries.delete(key) ? 0 : ENOENT;
  }

  #use(key: number, copies: number[]): void {
    if (!this.#recent) return;
    this.entries.delete(key);
    this.entries.set(key, copies);
  }
}

/** What `expect` says, without its price for each of many thousand steps. */
function judge(got: number | undefined, wanted: number | undefined, what: Step | string): void {
  if (got !== wanted) expect({ what, got }).toEqual({ what, got: wanted });
}

function place({ layout }: BpfMap, address: number): number {
  return address === 0 ? 0 : address - layout.base;
}

class Twins {
  readonly machine: Machine;
  readonly definition: MapDefinition;
  readonly plain: BpfMap;
  readonly mixed: BpfMap;
  readonly #ways: readonly Operations[];
  readonly #script: Operations;
  readonly #key: number;
  readonly #value: number;

  constructor(machine: Machine, definition: MapDefinition) {
    this.machine = machine;
    this.definition = definition;
    this.plain = machine.createMap(definition).map;
    this.mixed = machine.createMap(definition).map;
    this.#script = scriptOperations(machine, this.plain);
    this.#ways = [
      scriptOperations(machine, this.mixed),
      ownOperations(machine, this.mixed),
      sharedOperations(machine, this.plain, this.mixed),
      inlineOperations(machine, this.mixed),
    ];
    this.#key = machine.memory.allocate(definition.keySize + 16, 'key');
    this.#value = machine.memory.allocate(definition.valueSize + 16, 'value');
  }

  /** Does it to both; what the results were: for a lookup what the value's first byte is. */
  step({ kind, way, key, value, flags, cpu, shift }: Step): number | undefined {
    const { machine } = this;
    machine.memory.i32[Current.cpu >> 2] = cpu;
    const at = this.#key + shift;
    const from = this.#value + shift;
    this.writeKey(at, key);
    machine.memory.u8.fill(value, from, from + this.definition.valueSize);
    if (kind === 'next') {
      judge(place(this.mixed, this.mixed.nextKey(at)), place(this.plain, this.plain.nextKey(at)), 'next key');
      return undefined;
    }
    const args = kind === 'update' ? [at, from, flags] : [at];
    const result = this.#script[kind]!(...args);
    const other = (this.#ways[way]![kind] ?? this.#ways[0]![kind])!(...args);
    if (kind !== 'lookup') {
      judge(other, result, kind);
      return result;
    }
    judge(place(this.mixed, other), place(this.plain, result), 'lookup');
    return result === 0 ? undefined : machine.memory.u8[other];
  }

  /** Keys that share words, differ in their first or last byte, and whose last bytes are no whole word. */
  writeKey(at: number, key: number): void {
    const { keySize } = this.definition;
    const { u8 } = this.machine.memory;
    u8.fill(0, at, at + keySize);
    if (this.definition.type.endsWith('array')) {
      u8[at] = key;
      return;
    }
    u8[at + keySize - 1] = key & 7;
    u8[at] = u8[at]! | ((key >> 3) << 3);
  }

  same(): void {
    expect(content(this.machine, this.mixed)).toEqual(content(this.machine, this.plain));
    expect(this.mixed.count()).toBe(this.plain.count());
  }
}

const HASHES = ['hash', 'percpu_hash', 'lru_hash', 'lru_percpu_hash'] as const;
const SHAPES: readonly (readonly [keySize: number, valueSize: number, entries: number])[] = [
  [1, 1, 6],
  [2, 3, 6],
  [3, 5, 7],
  [4, 8, 12],
  [5, 12, 12],
  [8, 8, 12],
  [11, 6, 3],
  [16, 40, 12],
  [20, 64, 1],
  [33, 70, 12],
  [64, 8, 20],
  [70, 8, 12],
  [256, 200, 12],
];

describe.each(HASHES)('%s', (type) => {
  test.each(SHAPES)('with keys of %i bytes, values of %i, %i entries', (keySize, valueSize, entries) => {
    const machine = createMachine({ memoryLimit: 1 << 20, cpus: CPUS });
    fc.assert(
      fc.property(stepsOver(24), (steps) => {
        const twins = new Twins(machine, map(type, keySize, valueSize, entries));
        const model = new Model(twins.definition);
        for (const step of steps) {
          const got = twins.step(step);
          const { kind, key, value, flags, cpu } = step;
          if (kind === 'lookup') judge(got, model.lookup(key, cpu), step);
          if (kind === 'update') judge(got, model.update(key, value, flags, cpu), step);
          if (kind === 'delete') judge(got, model.delete(key), step);
        }
        twins.same();
        expect(twins.mixed.count()).toBe(model.entries.size);
      }),
      { numRuns: 5 },
    );
  });
});

describe.each(['array', 'percpu_array'] as const)('%s', (type) => {
  test.each([1, 4, 8, 12, 65])('with values of %i bytes', (valueSize) => {
    const machine = createMachine({ memoryLimit: 1 << 20, cpus: CPUS });
    fc.assert(
      fc.property(stepsOver(12), (steps) => {
        const twins = new Twins(machine, map(type, 4, valueSize, 9));
        const model = new Map<number, number>();
        for (const step of steps) {
          const got = twins.step(step);
          const { kind, key, value, cpu } = step;
          const known = type === 'array' ? key : key * CPUS + cpu;
          if (kind === 'lookup') judge(got, key < 9 ? (model.get(known) ?? 0) : undefined, step);
          if (kind === 'update' && got === 0) model.set(known, value);
        }
        twins.same();
      }),
      { numRuns: 20 },
    );
  });
});

describe.each(['queue', 'stack'] as const)('%s', (type) => {
  test.each([1, 8, 13, 72])('with values of %i bytes', (valueSize) => {
    const machine = createMachine({ memoryLimit: 1 << 20 });
    const value = machine.memory.allocate(valueSize, 'value');
    const step = fc.record({
      kind: fc.constantFrom('push', 'push', 'pop', 'peek' as const),
      way: fc.constantFrom(0, 1, 2),
      byte: fc.nat(255),
      flags: fc.constantFrom(0n, 0n, 0n, 1n, 2n, 3n, 1n << 32n),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
        const [plain, mixed] = [0, 1].map(() => machine.createMap(map(type, 0, valueSize, 5)).map) as [
          BpfMap,
          BpfMap,
        ];
        const ways = [
          scriptOperations(machine, mixed),
          ownOperations(machine, mixed),
          sharedOperations(machine, plain, mixed),
        ];
        const model: number[] = [];
        const { u8 } = machine.memory;
        for (const { kind, way, byte, flags } of steps) {
          u8.fill(byte, value, value + valueSize);
          const args = kind === 'push' ? [value, flags] : [value];
          const wanted = scriptOperations(machine, plain)[kind]!(...args);
          const first = u8[value]!;
          u8.fill(byte, value, value + valueSize);
          judge(ways[way]![kind]!(...args), wanted, kind);
          judge(u8[value], first, kind);
          judge(u8[value + valueSize - 1], first, kind);
          if (kind === 'push' && wanted === 0) {
            if (model.length === 5) model.shift();
            model.push(byte);
          }
          if (kind === 'push') continue;
          const next = type === 'queue' ? model[0] : model.at(-1);
          judge(wanted, next === undefined ? ENOENT : 0, kind);
          judge(first, next ?? 0, kind);
          if (kind === 'pop') type === 'queue' ? model.shift() : model.pop();
        }
        expect(mixed.count()).toBe(model.length);
        expect(content(machine, mixed)).toEqual(content(machine, plain));
      }),
      { numRuns: 10 },
    );
  });
});
