/** Keys of hash maps in generated code: their words, hash and comparison, as `hash-table.ts` has them. */
import type { FunctionBuilder, Local, Value } from '../../wasm/builder.ts';
import { I32 } from '../../wasm/opcodes.ts';
import { Mix } from '../hash-table.ts';
import { type Place, placeAt } from './bytes.ts';
import type { MapBody } from './map-body.ts';

/** Words that are kept in locals between hashing and comparing; more are read again. */
const KEPT = 4;
/** Words that are handled one by one; more are taken in a loop. */
const UNROLLED = 16;

/**
 * Reads one word of a key. Never more than 32 bits at once: programs often fill keys field by field, and reading two
 * fields that were just written as one word waits until both writes are done.
 */
type WordReader = (f: FunctionBuilder, key: Place) => Value;

export class HashedKey {
  readonly #f: FunctionBuilder;
  readonly #key: Local;
  readonly #size: number;
  readonly #words: readonly WordReader[];
  readonly #kept: readonly Local[];

  constructor(body: MapBody, key: Local, size: number) {
    this.#f = body.f;
    this.#key = key;
    this.#size = size;
    const count = Math.ceil(size / 4);
    this.#words = count <= UNROLLED ? words(size) : [];
    this.#kept = count <= KEPT ? this.#words.map(() => body.variable()) : [];
  }

  /** Computes the hash into a local. */
  hash(into: Local): void {
    const f = this.#f;
    const key = placeAt(f, this.#key);
    for (const [index, local] of this.#kept.entries()) f.set(local, this.#words[index]!(f, key));
    if (this.#words.length === 0) this.#hashInLoop(into);
    this.#words.forEach((read, index) => {
      const kept = this.#kept[index];
      const word = (): Value => (kept === undefined ? read(f, key) : f.get(kept));
      if (index === 0) f.set(into, f.binary(I32.mul, word(), f.i32(Mix.first)));
      else this.#mix(into, word);
    });
    const folded = f.binary(I32.xor, f.get(into), f.binary(I32.shr_u, f.get(into), f.i32(Mix.fold)));
    f.set(into, f.binary(I32.mul, folded, f.i32(Mix.last)));
  }

  /** Writes `then` to be run when the key at `other` is the same. */
  ifEqual(other: Place, then: () => void): void {
    const f = this.#f;
    if (this.#kept.length === 0) {
      f.if(this.#words.length === 0 ? this.#equalsInLoop(other) : this.#equals(other));
      then();
      f.end();
      return;
    }
    // One test a word: each is one instruction that compares with memory.
    for (const [index, local] of this.#kept.entries()) {
      f.if(f.binary(I32.eq, this.#words[index]!(f, other), f.get(local)));
    }
    then();
    for (const _ of this.#kept) f.end();
  }

  #equals(other: Place): Value {
    const f = this.#f;
    const difference = (read: WordReader): Value =>
      f.binary(I32.xor, read(f, placeAt(f, this.#key)), read(f, other));
    const [first, ...rest] = this.#words;
    const all = rest.reduce((so, read) => f.binary(I32.or, so, difference(read)), difference(first!));
    return f.unary(I32.eqz, all);
  }

  #mix(into: Local, word: () => Value): void {
    const f = this.#f;
    const turned = f.binary(I32.rotl, f.get(into), f.i32(Mix.rotate));
    f.set(into, f.binary(I32.mul, f.binary(I32.xor, turned, word()), f.i32(Mix.next)));
  }

  #hashInLoop(into: Local): void {
    const f = this.#f;
    const at = f.local('i32');
    f.set(into, f.binary(I32.mul, f.load(I32.load, f.get(this.#key), 0), f.i32(Mix.first)));
    f.set(at, f.i32(4));
    const again = f.loop();
    this.#mix(into, () => f.load(I32.load, this.#after(f.get(this.#key), at), 0));
    this.#next(at, again);
    if ((this.#size & 3) !== 0) {
      this.#mix(into, () => f.load(I32.load, f.get(this.#key), this.#size - 4));
    }
  }

  #equalsInLoop(other: Place): Value {
    const f = this.#f;
    const at = f.local('i32');
    const all = f.local('i32');
    const last = this.#size - 4;
    const first = f.load(I32.load, f.get(this.#key), last);
    f.set(all, f.binary(I32.xor, first, f.load(I32.load, other.address(), other.offset + last)));
    f.set(at, f.i32(0));
    const again = f.loop();
    const so = f.get(all);
    const mine = f.load(I32.load, this.#after(f.get(this.#key), at), 0);
    const theirs = f.load(I32.load, this.#after(other.address(), at), other.offset);
    f.set(all, f.binary(I32.or, so, f.binary(I32.xor, mine, theirs)));
    this.#next(at, again);
    return f.unary(I32.eqz, f.get(all));
  }

  #after(address: Value, at: Local): Value {
    return this.#f.binary(I32.add, address, this.#f.get(at));
  }

  /** Goes on with the next whole word. */
  #next(at: Local, again: ReturnType<FunctionBuilder['loop']>): void {
    const f = this.#f;
    const next = f.tee(at, f.binary(I32.add, f.get(at), f.i32(4)));
    f.brIf(again, f.binary(I32.lt_u, next, f.i32(this.#size & ~3)));
    f.end();
  }
}

/** The words of a key: the last one overlaps the one before it where the size is no multiple of 4. */
function words(size: number): readonly WordReader[] {
  const at =
    (offset: number): WordReader =>
    (f, key) =>
      f.load(I32.load, key.address(), key.offset + offset);
  if (size < 4) return [SHORT[size - 1]!];
  const list: WordReader[] = [];
  for (let offset = 0; offset + 4 <= size; offset += 4) list.push(at(offset));
  if ((size & 3) !== 0) list.push(at(size - 4));
  return list;
}

/** Keys of 1, 2 and 3 bytes. */
const SHORT: readonly WordReader[] = [
  (f, key) => f.load(I32.load8_u, key.address(), key.offset),
  (f, key) => f.load(I32.load16_u, key.address(), key.offset),
  (f, key) => {
    const low = f.load(I32.load16_u, key.address(), key.offset);
    const high = f.load(I32.load8_u, key.address(), key.offset + 2);
    return f.binary(I32.or, low, f.binary(I32.shl, high, f.i32(16)));
  },
];
