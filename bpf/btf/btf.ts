/**
 * `Btf`: a table of types, read-only. Types are decoded when they are asked for: a kernel has a hundred thousand and a
 * program needs a few.
 */
import type { BtfKind, BtfType, TypeId } from './type.ts';

export interface Btf {
  readonly littleEndian: boolean;
  /** Bytes of a pointer on the machine the types describe. */
  readonly pointerSize: 4 | 8;
  /** What a module's split BTF builds on: ids below {@link firstId} are its. */
  readonly base?: Btf;
  /** The first id of this table's own types: 1, or where the base ends. */
  readonly firstId: TypeId;
  /** One more than the last id. */
  readonly end: TypeId;
  /** @throws RangeError when there is no such id */
  type(id: TypeId): BtfType;
  /** The kind without decoding the type. @throws RangeError */
  kindOf(id: TypeId): BtfKind;
  /** The name without decoding the type; empty when it has none. @throws RangeError */
  nameOf(id: TypeId): string;
  /** The first type of that name (and kind), this table's own after its base's, in constant time. */
  find(name: string, kind?: BtfKind): TypeId | undefined;
  /** All types of that name, ascending. */
  findAll(name: string): readonly TypeId[];
  /**
   * The text at an offset of the strings (a split table's go on where its base's end), as `.BTF.ext` refers to it.
   * @throws FormatError when the offset is outside
   */
  string(offset: number): string;
  /** One past the last offset of {@link string}. */
  readonly stringsEnd: number;
  /** The `.BTF` section: header, types and strings, in this table's byte order; without the base. */
  bytes(): Uint8Array;
}
