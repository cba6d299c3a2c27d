/** Entries of types as {@link DwarfType}. One entry is decoded at a time: what it refers to are ids. */
import type { AttributeValue } from './attribute.ts';
import { ATTRIBUTE, TAG } from './constants.ts';
import { childrenOf, type Entry, isFlagged, numberOf } from './entry.ts';
import type { DwarfArray, DwarfBase, DwarfMember, DwarfParameter, DwarfType, DwarfTypeId } from './type.ts';

/** Finds the id of what an attribute refers to. */
export type TypeResolver = (value: AttributeValue | undefined) => DwarfTypeId;

const MAX_MEMBERS = 1 << 16;

/** @throws FormatError */
export function readType(entry: Entry, resolve: TypeResolver): DwarfType {
  const name = nameOf(entry);
  const size = numberOf(entry.attributes.get(ATTRIBUTE.byteSize));
  const type = (): DwarfTypeId => resolve(entry.attributes.get(ATTRIBUTE.type));
  const pointerSize = size ?? entry.unit.header.address;
  switch (entry.tag) {
    case TAG.baseType:
      return { kind: 'base', name, size: size ?? 0, ...encodingOf(entry) };
    case TAG.pointerType:
      return { kind: 'pointer', size: pointerSize, type: type() };
    case TAG.referenceType:
      return { kind: 'reference', size: pointerSize, type: type() };
    case TAG.rvalueReferenceType:
      return { kind: 'rvalue reference', size: pointerSize, type: type() };
    case TAG.constType:
      return { kind: 'const', type: type() };
    case TAG.volatileType:
      return { kind: 'volatile', type: type() };
    case TAG.restrictType:
      return { kind: 'restrict', type: type() };
    case TAG.atomicType:
      return { kind: 'atomic', type: type() };
    case TAG.typedef:
      return { kind: 'typedef', name, type: type() };
    case TAG.arrayType:
      return readArray(entry, type());
    case TAG.structureType:
      return { kind: 'struct', name, size: definedSize(entry, size), members: readMembers(entry, resolve) };
    case TAG.unionType:
      return { kind: 'union', name, size: definedSize(entry, size), members: readMembers(entry, resolve) };
    case TAG.classType:
      return { kind: 'class', name, size: definedSize(entry, size), members: readMembers(entry, resolve) };
    case TAG.enumerationType:
      return { kind: 'enum', name, size: definedSize(entry, size), values: readEnumerators(entry) };
    case TAG.subroutineType:
      return { kind: 'function', returns: type(), ...readParameters(entry, resolve) };
    default:
      return {
        kind: 'unknown',
        name,
        size,
        reason: `tag 0x${entry.tag.toString(16)} is no type of C or C++`,
      };
  }
}

export function nameOf(entry: Entry): string {
  return entry.unit.text(entry.attributes.get(ATTRIBUTE.name)) ?? '';
}

/** Those of a function or of the type of one; `this` and other artificial ones included. @throws FormatError */
export function readParameters(
  entry: Entry,
  resolve: TypeResolver,
): { readonly parameters: readonly DwarfParameter[]; readonly variadic: boolean } {
  const parameters: DwarfParameter[] = [];
  let variadic = false;
  for (const child of childrenOf(entry)) {
    if (child.tag === TAG.unspecifiedParameters) variadic = true;
    if (child.tag !== TAG.formalParameter || parameters.length >= MAX_MEMBERS) continue;
    parameters.push({ name: nameOf(child), type: resolve(child.attributes.get(ATTRIBUTE.type)) });
  }
  return { parameters, variadic };
}

function definedSize(entry: Entry, size: number | undefined): number | undefined {
  return isFlagged(entry, ATTRIBUTE.declaration) ? undefined : size;
}

/** `DW_ATE_*` (DWARF 5, section 7.8). */
function encodingOf(entry: Entry): Pick<DwarfBase, 'encoding' | 'character'> {
  switch (numberOf(entry.attributes.get(ATTRIBUTE.encoding))) {
    case 0x01:
      return { encoding: 'address', character: false };
    case 0x02:
      return { encoding: 'boolean', character: false };
    case 0x03:
      return { encoding: 'complex', character: false };
    case 0x04:
      return { encoding: 'float', character: false };
    case 0x05:
      return { encoding: 'signed', character: false };
    case 0x06:
      return { encoding: 'signed', character: true };
    case 0x07:
      return { encoding: 'unsigned', character: false };
    case 0x08:
    case 0x10:
      return { encoding: 'unsigned', character: true };
    default:
      return { encoding: 'other', character: false };
  }
}

function readArray(entry: Entry, element: DwarfTypeId): DwarfArray {
  const counts: (number | undefined)[] = [];
  for (const child of childrenOf(entry)) {
    if (child.tag !== TAG.subrangeType || counts.length >= MAX_MEMBERS) continue;
    const count = numberOf(child.attributes.get(ATTRIBUTE.count));
    const last = numberOf(child.attributes.get(ATTRIBUTE.upperBound));
    // Compilers write the last index of an empty array as -1, in as many bytes as they like.
    counts.push(count ?? (last === undefined ? undefined : last >= 0xffffffff ? 0 : last + 1));
  }
  return { kind: 'array', element, counts: counts.length === 0 ? [undefined] : counts };
}

function readMembers(entry: Entry, resolve: TypeResolver): readonly DwarfMember[] {
  const members: DwarfMember[] = [];
  for (const child of childrenOf(entry)) {
    if (child.tag !== TAG.member && child.tag !== TAG.inheritance) continue;
    // Static members of classes take no place.
    if (isFlagged(child, ATTRIBUTE.external) || isFlagged(child, ATTRIBUTE.declaration)) continue;
    if (members.length >= MAX_MEMBERS) break;
    const type = resolve(child.attributes.get(ATTRIBUTE.type));
    members.push({ name: nameOf(child), type, ...placeOf(child) });
  }
  return members;
}

/** Bits: `DW_AT_data_bit_offset`; before DWARF 4 from the storage unit's most significant bit (`DW_AT_bit_offset`). */
function placeOf(member: Entry): Pick<DwarfMember, 'bitOffset' | 'bitSize'> {
  const { attributes, unit } = member;
  const bitSize = numberOf(attributes.get(ATTRIBUTE.bitSize)) ?? 0;
  const dataBitOffset = numberOf(attributes.get(ATTRIBUTE.dataBitOffset));
  if (dataBitOffset !== undefined) return { bitOffset: dataBitOffset, bitSize };
  const byteOffset = byteOffsetOf(attributes.get(ATTRIBUTE.dataMemberLocation));
  const old = numberOf(attributes.get(ATTRIBUTE.bitOffset));
  if (old === undefined) return { bitOffset: byteOffset * 8, bitSize };
  const storage = (numberOf(attributes.get(ATTRIBUTE.byteSize)) ?? 4) * 8;
  const within = unit.sections.littleEndian ? storage - old - bitSize : old;
  return { bitOffset: byteOffset * 8 + within, bitSize };
}

const DW_OP_PLUS_UCONST = 0x23;

/** DWARF 2 wrote the offset as an expression. */
function byteOffsetOf(value: AttributeValue | undefined): number {
  if (value?.kind !== 'block' || value.bytes[0] !== DW_OP_PLUS_UCONST) return numberOf(value) ?? 0;
  let offset = 0;
  let scale = 1;
  for (const byte of value.bytes.subarray(1, 6)) {
    offset += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) break;
  }
  return offset;
}

function readEnumerators(entry: Entry): { readonly name: string; readonly value: bigint }[] {
  const values: { readonly name: string; readonly value: bigint }[] = [];
  for (const child of childrenOf(entry)) {
    if (child.tag !== TAG.enumerator || values.length >= MAX_MEMBERS) continue;
    const value = child.attributes.get(ATTRIBUTE.constValue);
    values.push({ name: nameOf(child), value: value?.kind === 'constant' ? value.value : 0n });
  }
  return values;
}
