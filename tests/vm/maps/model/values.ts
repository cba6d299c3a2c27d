/** Models of maps that hold bytes. */
import type { Shape } from '../scripts/parts.ts';
import {
  E2BIG,
  EBADF,
  EEXIST,
  EINVAL,
  ENOENT,
  ENOSPC,
  ENOTSUPP,
  EOPNOTSUPP,
  flagProblem,
  indexOf,
  type Model,
  nextIndex,
} from './model.ts';

const ALL = ['lookup', 'lookup-and-delete', 'update', 'delete'];
/** The lock of values that have one: bytes 8 to 11, which user space neither writes nor reads. */
function withoutLock(value: string): string {
  return `${value.slice(0, 16)}00000000${value.slice(24)}`;
}

/** Hash tables. LRU ones are only modelled while nothing is given up. */
export class TableModel implements Model {
  readonly batches: readonly string[] = ALL;
  readonly endsBatches = true;
  readonly locks: boolean;
  readonly entries: Map<string, string> = new Map();
  readonly #capacity: number;

  constructor(shape: Shape, locks: boolean) {
    this.#capacity = shape.maxEntries;
    this.locks = locks;
  }

  lookup(key: string): string | number {
    return this.entries.get(key) ?? ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    const wanted = this.locks ? (flags > 7 ? flags : flags & 3) : flags;
    if (wanted > 2) return EINVAL;
    const exists = this.entries.has(key);
    const problem = flagProblem(wanted, exists);
    if (problem !== 0) return problem;
    if (!exists && this.entries.size >= this.#capacity) return E2BIG;
    this.entries.set(key, this.locks ? withoutLock(value) : value);
    return 0;
  }

  delete(key: string): number {
    return this.entries.delete(key) ? 0 : ENOENT;
  }

  /** Only whether there is a first one is compared. */
  next(): string | number {
    return this.entries.keys().next().value ?? ENOENT;
  }

  take(key: string): string | number {
    const value = this.lookup(key);
    this.entries.delete(key);
    return value;
  }
}

export class ArrayModel implements Model {
  readonly batches: readonly string[] = ['lookup', 'update'];
  readonly locks: boolean;
  readonly #values: string[];

  constructor(shape: Shape, valueSize: number, locks: boolean) {
    this.#values = Array.from({ length: shape.maxEntries }, () => '00'.repeat(valueSize));
    this.locks = locks;
  }

  lookup(key: string): string | number {
    return this.#values[indexOf(key)] ?? ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    const wanted = this.locks ? (flags > 7 ? flags : flags & 3) : flags;
    const index = indexOf(key);
    if (wanted > 2) return EINVAL;
    if (index >= this.#values.length) return E2BIG;
    if (wanted === 1) return EEXIST;
    this.#values[index] = this.locks ? withoutLock(value) : value;
    return 0;
  }

  delete(): number {
    return EINVAL;
  }

  next(key: string | undefined): string | number {
    return nextIndex(key, this.#values.length);
  }
}

/** Prefixes as texts of 0 and 1. */
export class TrieModel implements Model {
  readonly batches: readonly string[] = ['lookup', 'update', 'delete'];
  readonly #entries = new Map<string, { key: string; value: string }>();
  readonly #longest: number;
  readonly #capacity: number;

  constructor({ keySize, maxEntries }: Shape) {
    this.#longest = (keySize - 4) * 8;
    this.#capacity = maxEntries;
  }

  #prefix(key: string): string | undefined {
    const length = indexOf(key.slice(0, 8));
    if (length > this.#longest) return undefined;
    const bits = [...Uint8Array.fromHex(key.slice(8))]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
    return bits.slice(0, length);
  }

  lookup(key: string): string | number {
    const asked = this.#prefix(key);
    if (asked === undefined) return ENOENT;
    for (let length = asked.length; length >= 0; length--) {
      const found = this.#entries.get(asked.slice(0, length));
      if (found !== undefined) return found.value;
    }
    return ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    const prefix = this.#prefix(key);
    if (flags > 2 || prefix === undefined) return EINVAL;
    const exists = this.#entries.has(prefix);
    const problem = flagProblem(flags, exists);
    if (problem !== 0) return problem;
    if (!exists && this.#entries.size >= this.#capacity) return ENOSPC;
    this.#entries.set(prefix, { key, value });
    return 0;
  }

  delete(key: string): number {
    const prefix = this.#prefix(key);
    if (prefix === undefined) return EINVAL;
    return this.#entries.delete(prefix) ? 0 : ENOENT;
  }

  /** A prefix comes after all that begin with it. */
  next(key: string | undefined): string | number {
    const order = [...this.#entries.keys()].sort((a, b) => (`${a}2` < `${b}2` ? -1 : 1));
    const prefix = key === undefined ? undefined : this.#prefix(key);
    const at = prefix === undefined ? -1 : order.indexOf(prefix);
    const next = order[at + 1];
    return next === undefined ? ENOENT : this.#entries.get(next)!.key;
  }
}

export class QueueModel implements Model {
  readonly #values: string[] = [];
  readonly #capacity: number;
  readonly #isStack: boolean;

  constructor({ type, maxEntries }: Shape) {
    this.#capacity = maxEntries;
    this.#isStack = type === 'stack';
  }

  lookup(): string | number {
    return (this.#isStack ? this.#values.at(-1) : this.#values[0]) ?? ENOENT;
  }

  update(_key: string, value: string, flags: number): number {
    if (flags !== 0 && flags !== 2) return EINVAL;
    if (this.#values.length >= this.#capacity) {
      if (flags !== 2) return E2BIG;
      this.#values.shift();
    }
    this.#values.push(value);
    return 0;
  }

  take(): string | number {
    return (this.#isStack ? this.#values.pop() : this.#values.shift()) ?? ENOENT;
  }

  delete(): number {
    return EINVAL;
  }

  next(): number {
    return EINVAL;
  }
}

/** What was put in; a real one may say yes to more. */
export class BloomModel implements Model {
  readonly #values = new Set<string>();

  lookup(_key: string, asked: string): string | number {
    return this.#values.has(asked) ? asked : ENOENT;
  }

  update(_key: string, value: string, flags: number): number {
    if (flags !== 0) return EINVAL;
    this.#values.add(value);
    return 0;
  }

  delete(): number {
    return EOPNOTSUPP;
  }

  next(): number {
    return EOPNOTSUPP;
  }
}

/** Buffers and arenas. */
export class RefusingModel implements Model {
  readonly #errno: number;
  readonly #lookup: number;

  constructor(errno: number, lookup: number = errno) {
    this.#errno = errno;
    this.#lookup = lookup;
  }

  lookup(): number {
    return this.#lookup;
  }

  update(): number {
    return this.#errno;
  }

  delete(): number {
    return this.#errno;
  }

  next(): number {
    return this.#errno;
  }
}

/** Stacks that no program stored. */
export class StackModel implements Model {
  readonly #buckets: number;

  constructor({ maxEntries }: Shape) {
    this.#buckets = 2 ** Math.ceil(Math.log2(maxEntries));
  }

  lookup(): number {
    return ENOENT;
  }

  update(): number {
    return EINVAL;
  }

  delete(key: string): number {
    return indexOf(key) >= this.#buckets ? E2BIG : ENOENT;
  }

  next(): number {
    return ENOENT;
  }

  take(): number {
    return ENOENT;
  }
}

/** Values of this process or another object of the kernel, named `@s0`; there is no other. */
export class StorageModel implements Model {
  readonly locks = true;
  #value: string | undefined;

  lookup(key: string): string | number {
    if (key !== '@s0') return EBADF;
    return this.#value ?? ENOENT;
  }

  update(key: string, value: string, flags: number): number {
    if (key !== '@s0') return EBADF;
    if (flags > 7 || (flags & 3) === 3) return EINVAL;
    const problem = flagProblem(flags & 3, this.#value !== undefined);
    if (problem === 0) this.#value = withoutLock(value);
    return problem;
  }

  delete(key: string): number {
    if (key !== '@s0') return EBADF;
    const existed = this.#value !== undefined;
    this.#value = undefined;
    return existed ? 0 : ENOENT;
  }

  next(): number {
    return ENOTSUPP;
  }
}

/** Storage of control groups that no program is attached to. */
export class DetachedModel implements Model {
  lookup(): number {
    return ENOENT;
  }

  update(_key: string, _value: string, flags: number): number {
    return flags === 0 || flags === 2 ? ENOENT : EINVAL;
  }

  delete(): number {
    return EINVAL;
  }

  next(): number {
    return ENOENT;
  }
}
