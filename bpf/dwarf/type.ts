/**
 * The types of DWARF as data, a kind a member of {@link DwarfType}. A {@link DwarfTypeId} names an entry, so that types
 * may refer to themselves; 0 is `void`.
 */

/** Offset of an entry in `.debug_info`; of one in `.debug_types` -1 - offset; 0 is `void`. */
export type DwarfTypeId = number;

export type DwarfType =
  | DwarfVoid
  | DwarfBase
  | DwarfPointer
  | DwarfModifier
  | DwarfTypedef
  | DwarfArray
  | DwarfComposite
  | DwarfEnum
  | DwarfFunctionType
  | DwarfUnknown;

export interface DwarfVoid {
  readonly kind: 'void';
}

export interface DwarfBase {
  readonly kind: 'base';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly encoding: 'signed' | 'unsigned' | 'boolean' | 'float' | 'complex' | 'address' | 'other';
  /** `char` and its relatives: `DW_ATE_signed_char`, `DW_ATE_unsigned_char`, `DW_ATE_UTF`. */
  readonly character: boolean;
}

export interface DwarfPointer {
  readonly kind: 'pointer' | 'reference' | 'rvalue reference';
  readonly size: number;
  readonly type: DwarfTypeId;
}

export interface DwarfModifier {
  readonly kind: 'const' | 'volatile' | 'restrict' | 'atomic';
  readonly type: DwarfTypeId;
}

export interface DwarfTypedef {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: DwarfTypeId;
}

export interface DwarfArray {
  readonly kind: 'array';
  readonly element: DwarfTypeId;
  /** Outermost first; undefined where the program computes the count, or there is none. */
  readonly counts: readonly (number | undefined)[];
}

export interface DwarfComposite {
  readonly kind: 'struct' | 'union' | 'class';
  /** Empty when anonymous. */
  readonly name: string;
  /** Bytes; undefined when only declared. */
  readonly size: number | undefined;
  /** Base classes come as members without a name. */
  readonly members: readonly DwarfMember[];
}

export interface DwarfMember {
  /** Empty when anonymous. */
  readonly name: string;
  readonly type: DwarfTypeId;
  /** From the start of the aggregate; of a bitfield, in the order of the machine's bytes. */
  readonly bitOffset: number;
  /** Of a bitfield; 0 when it is none. */
  readonly bitSize: number;
}

export interface DwarfEnum {
  readonly kind: 'enum';
  readonly name: string;
  /** Undefined when only declared. */
  readonly size: number | undefined;
  readonly values: readonly { readonly name: string; readonly value: bigint }[];
}

export interface DwarfParameter {
  /** Empty when the source gives none. */
  readonly name: string;
  readonly type: DwarfTypeId;
}

export interface DwarfFunctionType {
  readonly kind: 'function';
  readonly returns: DwarfTypeId;
  readonly parameters: readonly DwarfParameter[];
  readonly variadic: boolean;
}

/** What is no type of C or C++, or is in a file that is not here. */
export interface DwarfUnknown {
  readonly kind: 'unknown';
  /** As the source has it; empty when unknown. */
  readonly name: string;
  readonly size: number | undefined;
  readonly reason: string;
}
