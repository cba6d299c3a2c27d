/**
 * BTF as it lies in bytes (kernel `include/uapi/linux/btf.h`): the header's and a type's shape, and the number of each
 * kind. The reader, the writer and the scanner share it.
 *
 *     header  magic u16 | version u8 | flags u8 | hdr_len | type_off | type_len | str_off | str_len
 *     type    name_off u32 | info u32 | size or type u32 | tail: by kind, some of it `vlen` times
 *     info    31 kind_flag | 30..29 zero | 28..24 kind | 23..16 zero | 15..0 vlen
 */
import type { BtfKind } from './type.ts';

export const BTF_MAGIC = 0xeb9f;
export const BTF_VERSION = 1;
/** Bytes of the header as Linux 6.18 knows it; a longer one says more that nobody asks for. */
export const BTF_HEADER_SIZE = 24;
export const BTF_TYPE_SIZE = 12;
/** Bits of `info` that have a meaning. */
export const BTF_INFO_MASK = 0x9f00_ffff;
export const BTF_MAX_VLEN = 0xffff;

/** The name at the index is the kind of that number. */
export const BTF_KINDS: readonly BtfKind[] = [
  'void',
  'int',
  'ptr',
  'array',
  'struct',
  'union',
  'enum',
  'fwd',
  'typedef',
  'volatile',
  'const',
  'restrict',
  'func',
  'func_proto',
  'var',
  'datasec',
  'float',
  'decl_tag',
  'type_tag',
  'enum64',
];

/** Numbers of the kinds, for what works on bytes. */
export const KIND = {
  void: 0,
  int: 1,
  ptr: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  fwd: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  func: 12,
  func_proto: 13,
  var: 14,
  datasec: 15,
  float: 16,
  decl_tag: 17,
  type_tag: 18,
  enum64: 19,
} as const;

/** Bytes after the type that every type of the kind has, and bytes for each of its `vlen` entries. */
export interface TailShape {
  readonly fixed: number;
  readonly entry: number;
}

const NONE: TailShape = { fixed: 0, entry: 0 };
const TWELVE: TailShape = { fixed: 0, entry: 12 };
const EIGHT: TailShape = { fixed: 0, entry: 8 };
const WORD: TailShape = { fixed: 4, entry: 0 };

/** By the kind's number. */
export const TAILS: readonly TailShape[] = [
  NONE, // void
  WORD, // int: encoding << 24 | offset << 16 | bits
  NONE, // ptr
  { fixed: 12, entry: 0 }, // array: element, index, count
  TWELVE, // struct: name, type, offset
  TWELVE, // union
  EIGHT, // enum: name, value
  NONE, // fwd
  NONE, // typedef
  NONE, // volatile
  NONE, // const
  NONE, // restrict
  NONE, // func: vlen is the linkage
  EIGHT, // func_proto: name, type
  WORD, // var: linkage
  TWELVE, // datasec: type, offset, size
  NONE, // float
  WORD, // decl_tag: component
  NONE, // type_tag
  TWELVE, // enum64: name, low, high
];

export const INT_SIGNED = 1;
export const INT_CHAR = 2;
export const INT_BOOL = 4;

/** `enum btf_func_linkage`, and that of variables. */
export const LINKAGES = ['static', 'global', 'extern'] as const;
