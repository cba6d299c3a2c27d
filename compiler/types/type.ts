/**
 * The language's types as the checker infers them and as user space decodes them. Every type knows the bytes it takes
 * when stored (map keys and values, tuples, printf arguments); aggregations are types of map values only.
 */

export type Type =
  | IntegerType
  | BooleanType
  | StringType
  | BufferType
  | TupleType
  | PointerType
  | ArrayType
  | TimestampType
  | NoneType
  | OpaqueType
  | AggregateType;

/** `literal`: sign-flexible, i.e. a non-negative literal that adopts the other side's sign. */
export interface IntegerType {
  readonly kind: 'integer';
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly flexible?: boolean;
  /** Set for values of an enum: printed by name. */
  readonly enum?: { readonly name: string; readonly values: ReadonlyMap<bigint, string> };
}

export interface BooleanType {
  readonly kind: 'boolean';
  readonly size: 1;
}

/** A NUL-terminated buffer of `size` bytes; a literal has length + 1. */
export interface StringType {
  readonly kind: 'string';
  readonly size: number;
}

/** Four bytes of length, then up to `size - 4` bytes. */
export interface BufferType {
  readonly kind: 'buffer';
  readonly size: number;
}

/** A tuple, or a record when its elements have names. Elements are laid out as C would, padding is zero. */
export interface TupleType {
  readonly kind: 'tuple';
  readonly size: number;
  readonly elements: readonly TupleElement[];
}

export interface TupleElement {
  readonly name?: string;
  readonly offset: number;
  readonly type: Type;
}

export interface PointerType {
  readonly kind: 'pointer';
  readonly size: 8;
  readonly target: Type;
  readonly space: 'kernel' | 'user' | 'none';
}

export interface ArrayType {
  readonly kind: 'array';
  readonly size: number;
  readonly element: Type;
  readonly count: number;
}

/** A `strftime` value: u64 nanoseconds of `clock`, formatted when printed. */
export interface TimestampType {
  readonly kind: 'timestamp';
  readonly size: 8;
  readonly format: string;
  readonly clock: 'boot' | 'monotonic' | 'tai' | 'sw_tai';
}

export interface NoneType {
  readonly kind: 'none';
  readonly size: 0;
}

/** Values whose text only user space knows. */
export interface OpaqueType {
  readonly kind: 'ksym' | 'usym' | 'username' | 'kstack' | 'ustack' | 'macaddr' | 'inet' | 'cgroup_path';
  readonly size: number;
}

/**
 * One per-CPU copy's bytes: count, sum: u64/s64; min, max: {value u64, isSet u64}; avg, stats: {total u64, count u64};
 * hist, lhist: u64 a bucket, the map's key being the user's key followed by a u64 bucket index.
 */
export type AggregateType =
  | { readonly kind: 'count'; readonly size: 8 }
  | { readonly kind: 'sum'; readonly size: 8; readonly signed: boolean; readonly flexible?: boolean }
  | {
      readonly kind: 'min' | 'max' | 'avg' | 'stats';
      readonly size: 16;
      readonly signed: boolean;
      /** Of literals only so far: adopts the sign of other uses. */
      readonly flexible?: boolean;
    }
  | { readonly kind: 'hist'; readonly size: 8; readonly bits: number }
  | {
      readonly kind: 'lhist';
      readonly size: 8;
      readonly min: number;
      readonly max: number;
      readonly step: number;
    };
