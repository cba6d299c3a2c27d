/** Types of C text while it is read: sizes and alignments as clang gives them for x86-64 and arm64. */
import type { Span } from '../../bpf/span.ts';

export type CType =
  | CVoid
  | CInteger
  | CFloat
  | CPointer
  | CArray
  | CFunction
  | CComposite
  | CEnum
  | CTypedef
  | CQualified
  | CKernelType;

export interface CVoid {
  readonly kind: 'void';
}

export interface CInteger {
  readonly kind: 'int';
  readonly name: string;
  readonly size: 1 | 2 | 4 | 8 | 16;
  readonly signed: boolean;
  readonly bool?: boolean;
}

export interface CFloat {
  readonly kind: 'float';
  readonly name: string;
  readonly size: 4 | 8 | 16;
}

export interface CPointer {
  readonly kind: 'ptr';
  readonly target: CType;
}

export interface CArray {
  readonly kind: 'array';
  readonly element: CType;
  /** 0 for a flexible one. */
  readonly count: number;
}

export interface CFunction {
  readonly kind: 'function';
  readonly returns: CType;
  readonly parameters: readonly { readonly name: string; readonly type: CType }[];
  readonly variadic: boolean;
}

/** Known by its name before it is defined: the one object is completed. */
export interface CComposite {
  readonly kind: 'struct' | 'union';
  /** Empty when anonymous. */
  readonly name: string;
  /** Where it is defined. */
  definedAt?: Span;
  members?: readonly CMember[];
  size: number;
  align: number;
}

export interface CMember {
  readonly name: string;
  readonly type: CType;
  readonly bitOffset: number;
  /** 0 when it is no bitfield. */
  readonly bitSize: number;
}

export interface CEnum {
  readonly kind: 'enum';
  readonly name: string;
  definedAt?: Span;
  values: readonly { readonly name: string; readonly value: bigint }[];
  size: 1 | 2 | 4 | 8;
  signed: boolean;
}

export interface CTypedef {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: CType;
  /** By an attribute of its own. */
  readonly align?: number;
}

export interface CQualified {
  readonly kind: 'const' | 'volatile' | 'restrict';
  readonly type: CType;
}

/** A type of the kernel's, by its id there. */
export interface CKernelType {
  readonly kind: 'kernel';
  readonly id: number;
  /** Undefined for what is only declared. */
  readonly size: number | undefined;
  readonly align: number;
  /** Of an integer or an enum: whether it is signed. */
  readonly signed?: boolean;
}

const POINTER = 8;

/** Bytes; undefined for what has none: void, functions, what is only declared. */
export function sizeOfC(type: CType): number | undefined {
  switch (type.kind) {
    case 'void':
    case 'function':
      return undefined;
    case 'ptr':
      return POINTER;
    case 'array': {
      const element = sizeOfC(type.element);
      return element === undefined ? undefined : element * type.count;
    }
    case 'struct':
    case 'union':
      return type.members === undefined ? undefined : type.size;
    case 'enum':
      return type.definedAt === undefined ? undefined : type.size;
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
      return sizeOfC(type.type);
    default:
      return type.size;
  }
}

export function alignOfC(type: CType): number {
  switch (type.kind) {
    case 'void':
    case 'function':
      return 1;
    case 'ptr':
      return POINTER;
    case 'array':
      return alignOfC(type.element);
    case 'int':
    case 'float':
    case 'enum':
      return type.size;
    case 'typedef':
      return type.align ?? alignOfC(type.type);
    case 'const':
    case 'volatile':
    case 'restrict':
      return alignOfC(type.type);
    default:
      return type.align;
  }
}

/** Past typedefs and qualifiers. */
export function bareC(type: CType): Exclude<CType, CTypedef | CQualified> {
  switch (type.kind) {
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
      return bareC(type.type);
    default:
      return type;
  }
}

/** Whether it may be the type of a bitfield, and is signed. */
export function integerOf(type: CType): { readonly size: number; readonly signed: boolean } | undefined {
  const bare = bareC(type);
  if (bare.kind === 'int') return bare;
  if (bare.kind === 'enum') return { size: bare.size, signed: bare.signed };
  if (bare.kind === 'kernel' && bare.signed !== undefined && bare.size !== undefined)
    return { size: bare.size, signed: bare.signed };
  return undefined;
}
