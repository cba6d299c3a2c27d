/** Models of maps that hold what user space names by number, as `@p0`, `@m1`, `@s2`; anything else names nothing. */
import type { Shape } from '../scripts/parts.ts';
import {
  E2BIG,
  EBADF,
  EBUSY,
  EEXIST,
  EINVAL,
  ENODEV,
  ENOENT,
  ENOSPC,
  ENOTSUPP,
  EOPNOTSUPP,
  EOVERFLOW,
  flagProblem,
  indexOf,
  type Model,
  nextIndex,
} from './model.ts';

/** What may be put into a slot: 0 or an error number. */
export type Judge = (thing: string) => number;

/** Only named things. */
export const named: Judge = (thing) => (thing.startsWith('@') ? 0 : EBADF);

/** Programs of the type of the first one: of three, the middle one is of another. */
export function ofOneType(): Judge {
  let owner: boolean | undefined;
  return (thing) => {
    if (!thing.startsWith('@')) return EBADF;
    const middle = thing === '@p1';
    owner ??= middle;
    return owner === middle ? 0 : EINVAL;
  };
}

/** PROG_ARRAY, CGROUP_ARRAY, PERF_EVENT_ARRAY, ARRAY_OF_MAPS */
export class SlotsModel implements Model {
  readonly batches: readonly string[];
  readonly #slots: (string | undefined)[];
  readonly #judge: Judge;
  readonly #tells: boolean;

  /** `tells`: lookups are answered. */
  constructor({ type, maxEntries }: Shape, judge: Judge, tells: boolean) {
    this.batches = type === 'array_of_maps' ? ['lookup', 'update'] : [];
    this.#slots = new Array<string | undefined>(maxEntries).fill(undefined);
    this.#judge = judge;
    this.#tells = tells;
  }

  lookup(key: string): string | number {
    if (!this.#tells) return ENOTSUPP;
    return this.#slots[indexOf(key)]?.slice(1) ?? ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    const index = indexOf(key);
    if (flags !== 0) return EINVAL;
    if (index >= this.#slots.length) return E2BIG;
    const problem = this.#judge(value);
    if (problem === 0) this.#slots[index] = value;
    return problem;
  }

  delete(key: string): number {
    const index = indexOf(key);
    if (index >= this.#slots.length) return E2BIG;
    if (this.#slots[index] === undefined) return ENOENT;
    this.#slots[index] = undefined;
    return 0;
  }

  next(key: string | undefined): string | number {
    return nextIndex(key, this.#slots.length);
  }
}

/** DEVMAP, CPUMAP: entries are two words, of which the first says whether there is one. */
export class DeviceModel implements Model {
  readonly #entries: (string | undefined)[];
  readonly #cpus: number | undefined;

  /** `cpus` for a CPUMAP. */
  constructor({ maxEntries }: Shape, cpus?: number) {
    this.#entries = new Array<string | undefined>(maxEntries).fill(undefined);
    this.#cpus = cpus;
  }

  lookup(key: string): string | number {
    return this.#entries[indexOf(key)] ?? ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    const index = indexOf(key);
    const target = indexOf(value.slice(0, 8));
    if (flags > 2) return EINVAL;
    if (index >= this.#entries.length) return E2BIG;
    if (flags === 1) return EEXIST;
    if (this.#cpus !== undefined && target > 16384) return EOVERFLOW;
    if (this.#cpus !== undefined && index >= this.#cpus) return ENODEV;
    const problem = this.#cpus === undefined ? deviceProblem(value, true) : 0;
    if (problem === 0) this.#entries[index] = target === 0 ? undefined : value;
    return problem;
  }

  delete(key: string): number {
    const index = indexOf(key);
    if (index >= this.#entries.length) return EINVAL;
    this.#entries[index] = undefined;
    return 0;
  }

  next(key: string | undefined): string | number {
    return nextIndex(key, this.#entries.length);
  }
}

/** There is one device, number 1, and no program in these scripts. */
function deviceProblem(value: string, mayBeNone: boolean): number {
  const target = indexOf(value.slice(0, 8));
  const program = value.length > 8 ? indexOf(value.slice(8)) : 0;
  if (target === 0) return mayBeNone && program === 0 ? 0 : EINVAL;
  return target === 1 && program === 0 ? 0 : EINVAL;
}

/** DEVMAP_HASH, HASH_OF_MAPS, SOCKHASH */
export class ThingTableModel implements Model {
  readonly batches: readonly string[];
  readonly endsBatches = true;
  readonly entries: Map<string, string> = new Map();
  readonly #shape: Shape;

  constructor(shape: Shape) {
    this.#shape = shape;
    this.batches = shape.type === 'hash_of_maps' ? ['lookup', 'lookup-and-delete', 'update', 'delete'] : [];
  }

  lookup(key: string): string | number {
    const { type, valueSize } = this.#shape;
    if (type === 'sockhash' && valueSize !== 8) return ENOSPC;
    return this.entries.get(key)?.replace('@', '') ?? ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    const { type, maxEntries } = this.#shape;
    const problem = type === 'devmap_hash' ? this.#device(key, value, flags) : this.#thing(key, value, flags);
    if (problem !== 0) return problem;
    if (!this.entries.has(key) && this.entries.size >= maxEntries) return E2BIG;
    this.entries.set(key, value);
    return 0;
  }

  #device(key: string, value: string, flags: number): number {
    if (flags > 2 || indexOf(value.slice(0, 8)) === 0) return EINVAL;
    if (flags === 1 && this.entries.has(key)) return EEXIST;
    return deviceProblem(value, false);
  }

  #thing(key: string, value: string, flags: number): number {
    const problem = this.#shape.type === 'hash_of_maps' ? innerProblem(value) : named(value);
    if (problem !== 0) return problem;
    if (flags > 2) return EINVAL;
    return flagProblem(flags, this.entries.has(key));
  }

  delete(key: string): number {
    return this.entries.delete(key) ? 0 : ENOENT;
  }

  next(): string | number {
    return this.entries.keys().next().value ?? ENOENT;
  }
}

/** Of the maps in these scripts 0, 1, 2 and 5 are hashes as the outer map wants them. */
export const innerProblem: Judge = (thing) => {
  if (!thing.startsWith('@')) return EBADF;
  return ['@m0', '@m1', '@m2', '@m5'].includes(thing) ? 0 : EINVAL;
};

/** SOCKMAP, XSKMAP, REUSEPORT_SOCKARRAY */
export class SocketsModel implements Model {
  readonly #slots: (string | undefined)[];
  readonly #shape: Shape;

  constructor(shape: Shape) {
    this.#slots = new Array<string | undefined>(shape.maxEntries).fill(undefined);
    this.#shape = shape;
  }

  lookup(key: string): string | number {
    if (this.#shape.type === 'xskmap') return EOPNOTSUPP;
    if (this.#shape.valueSize !== 8) return ENOSPC;
    return this.#slots[indexOf(key)]?.slice(1) ?? ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    const { type } = this.#shape;
    const index = indexOf(key);
    const place = flags > 2 ? EINVAL : index >= this.#slots.length ? E2BIG : 0;
    if (type === 'sockmap' && named(value) !== 0) return EBADF;
    if (place !== 0) return place;
    if (named(value) !== 0) return EBADF;
    const held = this.#slots[index];
    if (type === 'xskmap' && held === value) return 0;
    const problem = flagProblem(flags, held !== undefined);
    if (problem !== 0) return problem;
    if (type === 'reuseport_sockarray' && this.#slots.includes(value)) return EBUSY;
    this.#slots[index] = value;
    return 0;
  }

  delete(key: string): number {
    const { type } = this.#shape;
    const index = indexOf(key);
    if (index >= this.#slots.length) return type === 'reuseport_sockarray' ? E2BIG : EINVAL;
    const existed = this.#slots[index] !== undefined;
    this.#slots[index] = undefined;
    if (existed || type === 'xskmap') return 0;
    return type === 'sockmap' ? EINVAL : ENOENT;
  }

  next(key: string | undefined): string | number {
    return nextIndex(key, this.#slots.length);
  }
}
