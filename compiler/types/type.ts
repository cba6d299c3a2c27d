import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';

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
  | StructType
  | TimestampType
  | StackType
  | NoneType
  | OpaqueType
  | CgroupPathType
  | AggregateType;

/** `literal`: sign-flexible, i.e. a non-negative literal that adopts the other side's sign. */
export interface IntegerType {
  readonly kind: 'integer';
  /** A stamp of a clock other than boot time, for strftime. */
  readonly clock?: TimestampType['clock'];
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
  /** It can only lead to what the script itself keeps, which every kernel has. */
  readonly own?: true;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly size: number;
  readonly element: Type;
  readonly count: number;
}

/** A C struct or union: the kernel's, or one the script defines. Kernel types are cyclic, so that members come when asked for. */
export interface StructType {
  readonly kind: 'struct';
  readonly tag: 'struct' | 'union';
  /** Empty when anonymous. */
  readonly name: string;
  readonly size: number;
  readonly align: 1 | 2 | 4 | 8;
  readonly members: Members;
  /** The C type; absent when it was read from an object file. */
  readonly origin?: TypeOrigin;
}

export interface TypeOrigin {
  readonly btf: Btf;
  /** Of the struct or union, or of the typedef around one that has no name. */
  readonly id: TypeId;
  /** The kernel's: its layout is another one in other kernels. */
  readonly relocatable: boolean;
}

export interface Members {
  /** In the order of declaration; anonymous ones have an empty name. */
  list(): readonly Member[];
  /** By name, also inside anonymous structs and unions; offsets count from this struct. */
  find(name: string): Member | undefined;
  /** All names that {@link find} knows. */
  names(): readonly string[];
}

export interface Member {
  readonly name: string;
  /** Bytes; of a bitfield those before the word it is in. */
  readonly offset: number;
  readonly type: Type;
  readonly bitfield?: Bitfield;
}

/** Where the bits are in the little-endian word at the member's offset. */
export interface Bitfield {
  /** Bytes of the word, 1 to 8: no more than the struct has there. */
  readonly storage: number;
  /** Bits below the lowest. */
  readonly shift: number;
  readonly bits: number;
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

/**
 * A call stack: a word that says where its frames are kept, and for user stacks a second one, the process they belong to.
 *
 *     63          48 47   46      45                    0
 *     | frames, or 0 | none | spilled | bucket or hash |
 *
 * `bucket`: of the stack map; `hash`: the key in the map of stacks whose bucket another one has (`ScriptInfo.stackMaps`).
 */
export interface StackType {
  readonly kind: 'kstack' | 'ustack';
  readonly size: 8 | 16;
  /** How it is printed. */
  readonly mode: StackMode;
  /** Frames kept at most. */
  readonly limit: number;
}

export type StackMode = 'bpftrace' | 'perf' | 'raw' | 'build_id';

/** Values whose text only user space knows. An inet is its family (u64), then 4 or 16 bytes of address. */
export interface OpaqueType {
  readonly kind: 'ksym' | 'usym' | 'username' | 'macaddr' | 'inet';
  readonly size: number;
}

/** The id of a cgroup (u64), printed as its path in the hierarchies that the filter allows. */
export interface CgroupPathType {
  readonly kind: 'cgroup_path';
  readonly size: 8;
  /** A pattern with `*`. */
  readonly filter?: string;
}

/**
 * One per-CPU copy's bytes: count, sum: u64/s64; min, max: {value u64, isSet u64}; avg, stats: {total u64, count u64};
 * hist, lhist: u64 a bucket, the map's key being the user's key followed by a u64 bucket index; tseries: {value, meta u64,
 * epoch u64} a slot, the key followed by a u64 slot.
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
    }
  | {
      readonly kind: 'tseries';
      readonly size: 24;
      readonly signed: boolean;
      readonly flexible?: boolean;
      /** Nanoseconds. */
      readonly interval: number;
      /** Slots kept. */
      readonly count: number;
      /** What becomes of several values of one interval; absent: the last one counts. */
      readonly merge?: 'avg' | 'max' | 'min' | 'sum';
    };
