/**
 * The intermediate representation between lowering and code generation: functions of basic blocks over values that are
 * assigned exactly once, plus mutable locals that the first optimising pass turns into values (block parameters).
 * A value is 64 bits wide, as a BPF register is; narrower meaning is made explicit by `extend` and by memory widths.
 * Big things (strings, keys, tuples) live in stack slots or maps and are handled by address.
 */

import type { CoreRelocation } from '../../bpf/core/relocation.ts';
import type { HelperName } from '../../bpf/helpers/index.ts';
import type { Span } from '../../bpf/span.ts';

/** Index into {@link IrFunction.values}. */
export type Value = number & { readonly brand: 'Value' };
/** Index into {@link IrFunction.locals}. */
export type Local = number & { readonly brand: 'Local' };
/** Index into {@link IrFunction.slots}. */
export type Slot = number & { readonly brand: 'Slot' };
/** Index into {@link IrFunction.blocks}. */
export type BlockId = number & { readonly brand: 'BlockId' };

/** What a value is to the kernel's verifier; pointers must not be mixed or used in forbidden arithmetic. */
export type ValueKind =
  | 'scalar'
  | 'context'
  | 'stack'
  | 'map'
  | 'map-value'
  | 'map-value-or-null'
  | 'record'
  | 'function';

export interface ValueInfo {
  readonly kind: ValueKind;
  /** Bits that may be set, for redundant-extension removal: the value is known to be zero- or sign-extended from `width`. */
  readonly width?: 8 | 16 | 32 | 64;
  readonly signed?: boolean;
  readonly span?: Span;
}

/** A mutable 64-bit variable of the function, e.g. a scratch variable of integer type. Starts undefined: lowering writes zero first. */
export interface LocalInfo {
  readonly name: string;
  readonly kind: ValueKind;
}

/** A piece of the 512-byte stack frame. */
export interface SlotInfo {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** 1, 2, 4 or 8. */
  readonly align: number;
}

export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'udiv'
  | 'umod'
  | 'sdiv'
  | 'smod'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'lshr'
  | 'ashr';

export type CompareOp = 'eq' | 'ne' | 'ult' | 'ule' | 'ugt' | 'uge' | 'slt' | 'sle' | 'sgt' | 'sge' | 'test';

export type AccessSize = 1 | 2 | 4 | 8;

/** An operand: a value, or a constant as a signed 64-bit integer. */
export type Operand = Value | { readonly constant: bigint };

interface Op {
  readonly span?: Span;
}

export type IrInstruction =
  | (Op & { readonly kind: 'constant'; readonly dst: Value; readonly value: bigint })
  /** Parameter `index` of the function (r1…r5 at entry). Only at the start of the entry block. */
  | (Op & { readonly kind: 'parameter'; readonly dst: Value; readonly index: number })
  | (Op & {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly bits: 32 | 64;
      readonly dst: Value;
      readonly left: Operand;
      readonly right: Operand;
    })
  /** Zero- or sign-extends the low `width` bits to 64. */
  | (Op & {
      readonly kind: 'extend';
      readonly dst: Value;
      readonly value: Operand;
      readonly width: 8 | 16 | 32;
      readonly signed: boolean;
    })
  /** Reverses the low `width` bits' bytes; the rest is zero. */
  | (Op & {
      readonly kind: 'bswap';
      readonly dst: Value;
      readonly value: Operand;
      readonly width: 16 | 32 | 64;
    })
  /**
   * `left op constant` where the constant is of the kernel's types, and another one in another kernel: passes keep it as it
   * is. Without `left` it is the constant itself. Where `left` is a pointer `op` is `add`.
   */
  | (Op & {
      readonly kind: 'relocated';
      readonly op: 'move' | 'add' | 'shl' | 'lshr' | 'ashr';
      readonly dst: Value;
      readonly left?: Operand;
      readonly constant: bigint;
      readonly core: CoreRelocation;
    })
  /** 1 or 0. `test` is `(left & right) != 0`. */
  | (Op & {
      readonly kind: 'compare';
      readonly op: CompareOp;
      readonly bits: 32 | 64;
      readonly dst: Value;
      readonly left: Operand;
      readonly right: Operand;
    })
  | (Op & { readonly kind: 'get-local'; readonly dst: Value; readonly local: Local })
  | (Op & { readonly kind: 'set-local'; readonly local: Local; readonly value: Operand })
  /** Loads zero-extended, or sign-extended when `signed`. */
  | (Op & {
      readonly kind: 'load';
      readonly dst: Value;
      readonly base: Value;
      readonly offset: number;
      readonly size: AccessSize;
      readonly signed: boolean;
    })
  | (Op & {
      readonly kind: 'store';
      readonly base: Value;
      readonly offset: number;
      readonly size: AccessSize;
      readonly value: Operand;
    })
  /** Writes `length` zero bytes; `align` is what base+offset is known to be aligned to. */
  | (Op & {
      readonly kind: 'zero';
      readonly base: Value;
      readonly offset: number;
      readonly length: number;
      readonly align: AccessSize;
    })
  /** Copies `length` bytes between directly accessible memory (stack, map value, context); never overlapping. */
  | (Op & {
      readonly kind: 'copy';
      readonly to: Value;
      readonly toOffset: number;
      readonly from: Value;
      readonly fromOffset: number;
      readonly length: number;
      readonly align: AccessSize;
    })
  /** Writes constant bytes (string literals). */
  | (Op & {
      readonly kind: 'store-bytes';
      readonly base: Value;
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly align: AccessSize;
    })
  | (Op & { readonly kind: 'slot-address'; readonly dst: Value; readonly slot: Slot })
  | (Op & { readonly kind: 'map-address'; readonly dst: Value; readonly map: string })
  /** Address inside an array map's first value (BPF_PSEUDO_MAP_VALUE, Linux 5.2). */
  | (Op & {
      readonly kind: 'map-value-address';
      readonly dst: Value;
      readonly map: string;
      readonly offset: number;
    })
  /** Address of a kernel symbol, found when the program is loaded (a ksym without a type). */
  | (Op & { readonly kind: 'symbol-address'; readonly dst: Value; readonly symbol: string })
  | (Op & { readonly kind: 'function-address'; readonly dst: Value; readonly function: string })
  | (Op & {
      readonly kind: 'call-helper';
      readonly dst?: Value;
      readonly helper: HelperName;
      readonly args: readonly Operand[];
      readonly reads?: readonly Slot[];
      readonly writes?: readonly Slot[];
    })
  | (Op & {
      readonly kind: 'call-function';
      readonly dst?: Value;
      readonly function: string;
      readonly args: readonly Operand[];
    })
  | (Op & {
      readonly kind: 'atomic';
      readonly op: 'add' | 'or' | 'and' | 'xor';
      readonly base: Value;
      readonly offset: number;
      readonly size: 4 | 8;
      readonly value: Operand;
    });

export type Terminator =
  | (Op & { readonly kind: 'jump'; readonly target: BlockId; readonly args?: readonly Operand[] })
  /** Goes to `then` when the comparison holds. */
  | (Op & {
      readonly kind: 'branch';
      readonly op: CompareOp;
      readonly bits: 32 | 64;
      readonly left: Operand;
      readonly right: Operand;
      readonly then: BlockId;
      readonly thenArgs?: readonly Operand[];
      readonly otherwise: BlockId;
      readonly otherwiseArgs?: readonly Operand[];
      /** A hint for layout: this arm is rare (error paths). */
      readonly unlikely?: 'then' | 'otherwise';
    })
  | (Op & { readonly kind: 'return'; readonly value: Operand });

export interface Block {
  readonly id: BlockId;
  /** SSA block parameters; empty as lowering makes them. */
  readonly parameters: readonly Value[];
  readonly instructions: readonly IrInstruction[];
  readonly terminator: Terminator;
}

export interface IrFunction {
  readonly name: string;
  readonly parameterCount: number;
  readonly values: readonly ValueInfo[];
  readonly locals: readonly LocalInfo[];
  readonly slots: readonly SlotInfo[];
  /** Block 0 is the entry; ids are indices. */
  readonly blocks: readonly Block[];
}

/** All functions of one object: entries of programs, subprograms and callbacks. Names are unique. */
export interface IrModule {
  readonly functions: readonly IrFunction[];
}
