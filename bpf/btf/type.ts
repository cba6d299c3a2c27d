/**
 * The types of BTF (kernel `include/uapi/linux/btf.h`), decoded: one kind a member of {@link BtfType}. Ids count from 1
 * in one table (split BTF goes on where its base ends); 0 is `void`.
 */

export type TypeId = number;

export type BtfType =
  | BtfVoid
  | BtfInt
  | BtfPointer
  | BtfArray
  | BtfComposite
  | BtfEnum
  | BtfForward
  | BtfTypedef
  | BtfModifier
  | BtfTypeTag
  | BtfFunction
  | BtfPrototype
  | BtfVariable
  | BtfDataSection
  | BtfFloat
  | BtfDeclTag;

export type BtfKind = BtfType['kind'];

export interface BtfVoid {
  readonly kind: 'void';
}

export interface BtfInt {
  readonly kind: 'int';
  readonly name: string;
  /** Bytes: 1, 2, 4, 8 or 16. */
  readonly size: number;
  /** `BTF_INT_SIGNED`. */
  readonly signed: boolean;
  readonly encoding: 'plain' | 'char' | 'bool';
  /** `BTF_INT_BITS`, at most `size * 8`; fewer only in BTF of before 5.0. */
  readonly bits: number;
  /** `BTF_INT_OFFSET`. */
  readonly bitOffset: number;
}

export interface BtfPointer {
  readonly kind: 'ptr';
  readonly type: TypeId;
}

export interface BtfArray {
  readonly kind: 'array';
  readonly element: TypeId;
  readonly index: TypeId;
  readonly count: number;
}

export interface BtfComposite {
  readonly kind: 'struct' | 'union';
  /** Empty when anonymous. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly members: readonly BtfMember[];
}

export interface BtfMember {
  /** Empty when anonymous. */
  readonly name: string;
  readonly type: TypeId;
  /** From the start of the aggregate. */
  readonly bitOffset: number;
  /** Of a bitfield; 0 when it is none. */
  readonly bitSize: number;
}

export interface BtfEnum {
  readonly kind: 'enum' | 'enum64';
  readonly name: string;
  readonly size: number;
  readonly signed: boolean;
  readonly values: readonly { readonly name: string; readonly value: bigint }[];
}

export interface BtfForward {
  readonly kind: 'fwd';
  readonly name: string;
  readonly of: 'struct' | 'union';
}

export interface BtfTypedef {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: TypeId;
}

export interface BtfModifier {
  readonly kind: 'const' | 'volatile' | 'restrict';
  readonly type: TypeId;
}

export interface BtfTypeTag {
  readonly kind: 'type_tag';
  /** The tag's text, such as `user` or `rcu`. */
  readonly name: string;
  readonly type: TypeId;
  /** Any `__attribute__((name))` rather than `btf_type_tag(name)` (kind_flag, Linux 6.15). */
  readonly attribute: boolean;
}

export interface BtfFunction {
  readonly kind: 'func';
  readonly name: string;
  /** A prototype. */
  readonly type: TypeId;
  readonly linkage: 'static' | 'global' | 'extern';
}

export interface BtfPrototype {
  readonly kind: 'func_proto';
  readonly returns: TypeId;
  /** A last parameter without name and of type 0 stands for `...`. */
  readonly parameters: readonly { readonly name: string; readonly type: TypeId }[];
}

export interface BtfVariable {
  readonly kind: 'var';
  readonly name: string;
  readonly type: TypeId;
  readonly linkage: 'static' | 'global' | 'extern';
}

export interface BtfDataSection {
  readonly kind: 'datasec';
  /** ELF section: `.maps`, `.rodata`, `.ksyms`. */
  readonly name: string;
  readonly size: number;
  /** `type` is a variable, or a function of `.ksyms`. */
  readonly variables: readonly { readonly type: TypeId; readonly offset: number; readonly size: number }[];
}

export interface BtfFloat {
  readonly kind: 'float';
  readonly name: string;
  readonly size: number;
}

export interface BtfDeclTag {
  readonly kind: 'decl_tag';
  /** The tag's text, such as `bpf_fastcall`. */
  readonly name: string;
  readonly type: TypeId;
  /** Member or parameter that is tagged; -1: the declaration itself. */
  readonly component: number;
  readonly attribute: boolean;
}

export function isComposite(type: BtfType): type is BtfComposite {
  return isCompositeKind(type.kind);
}

export function isCompositeKind(kind: BtfKind): kind is BtfComposite['kind'] {
  return kind === 'struct' || kind === 'union';
}

export function isEnum(type: BtfType): type is BtfEnum {
  return type.kind === 'enum' || type.kind === 'enum64';
}
