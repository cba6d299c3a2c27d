/**
 * The bounds of one dump. BTF may be hostile: types that contain themselves, nest without end, or expand to a text that
 * doubles with every level. Every step is counted and every level is; what goes over is an {@link UndumpableType} that
 * ends one definition, never the process.
 */
import type { Btf } from '../btf.ts';
import type { TypeId } from '../type.ts';

/** A type that cannot be written as C, and why. */
export interface BtfDumpProblem {
  readonly type: TypeId;
  /** Names the type. */
  readonly message: string;
}

/** Ends the definition at hand. Kept inside this folder: callers get a {@link BtfDumpProblem}. */
export class UndumpableType extends Error {
  override readonly name = 'UndumpableType';
  readonly type: TypeId;

  constructor(type: TypeId, message: string) {
    super(message);
    this.type = type;
  }
}

/** Deepest nesting of types in each other; kernels stay below 40. */
const MAX_DEPTH = 400;
/** Kernels need about 10 steps a type. */
const STEPS_PER_TYPE = 100;
const STEPS_AT_LEAST = 200_000;

/** Pointers, arrays, qualifiers and prototypes around one name. */
const MAX_CHAIN = 400;

export class Work {
  #depth = 0;
  #left: number;

  /** As many steps as all of a table may take, or `steps`. */
  constructor(btf: Btf, steps: number = STEPS_AT_LEAST + btf.end * STEPS_PER_TYPE) {
    this.#left = steps;
  }

  /** Counts steps. @throws UndumpableType when the dump has become too long */
  step(type: TypeId, count = 1): void {
    this.#left -= count;
    if (this.#left < 0) throw new UndumpableType(type, 'the types expand to more text than a dump may have');
  }

  /** Bounds how far a declaration goes from its name. @throws UndumpableType */
  chained(type: TypeId, length: number): void {
    this.step(type);
    if (length > MAX_CHAIN)
      throw new UndumpableType(type, `more than ${MAX_CHAIN} types are around one name`);
  }

  /** Runs `inner` one level deeper. @throws UndumpableType when that is too deep */
  nested<T>(type: TypeId, inner: () => T): T {
    if (this.#depth >= MAX_DEPTH) {
      throw new UndumpableType(type, `the types nest deeper than ${MAX_DEPTH} levels`);
    }
    this.#depth++;
    try {
      return inner();
    } finally {
      this.#depth--;
    }
  }
}
