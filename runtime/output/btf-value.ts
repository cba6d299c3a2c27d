/** C types of BTF as the language's types, so that maps of any object print as those of scripts do. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { resolveType, sizeOf } from '../../bpf/btf/layout.ts';
import type { BtfComposite, TypeId } from '../../bpf/btf/type.ts';
import type { Type } from '../../compiler/types/type.ts';

const MAX_DEPTH = 16;

/** What cannot be told by fields (no type, unions, bitfields) is an array of bytes. */
export function typeOfBtf(btf: Btf | undefined, id: TypeId, size: number): Type {
  const type = btf === undefined || id === 0 ? undefined : convert(btf, id, 0);
  return type?.size === size ? type : bytes(size);
}

function bytes(size: number): Type {
  return { kind: 'array', size, count: size, element: { kind: 'integer', size: 1, signed: false } };
}

function convert(btf: Btf, id: TypeId, depth: number): Type | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const type = resolveType(btf, id);
  switch (type.kind) {
    case 'int':
      if (type.encoding === 'bool' && type.size === 1) return { kind: 'boolean', size: 1 };
      return isSize(type.size) ? { kind: 'integer', size: type.size, signed: type.signed } : undefined;
    case 'enum':
    case 'enum64': {
      if (!isSize(type.size)) return undefined;
      const values = new Map(type.values.map(({ name, value }) => [value, name]));
      return { kind: 'integer', size: type.size, signed: type.signed, enum: { name: type.name, values } };
    }
    case 'ptr':
      return { kind: 'pointer', size: 8, target: { kind: 'none', size: 0 }, space: 'none' };
    case 'array': {
      const element = resolveType(btf, type.element);
      const isText = element.kind === 'int' && element.size === 1 && element.name === 'char';
      if (isText) return { kind: 'string', size: type.count };
      const inner = convert(btf, type.element, depth + 1);
      if (inner === undefined) return undefined;
      return { kind: 'array', size: inner.size * type.count, element: inner, count: type.count };
    }
    case 'struct':
      return convertStruct(btf, type, depth);
    default:
      return undefined;
  }
}

function convertStruct(btf: Btf, { size, members }: BtfComposite, depth: number): Type | undefined {
  const elements = members.map((member) => {
    const whole = member.bitSize === 0 && member.bitOffset % 8 === 0;
    const memberSize = sizeOf(btf, member.type);
    if (!whole || memberSize === undefined) return undefined;
    const type = convert(btf, member.type, depth + 1) ?? bytes(memberSize);
    return { ...(member.name !== '' && { name: member.name }), offset: member.bitOffset / 8, type };
  });
  const known = elements.filter((element) => element !== undefined);
  return known.length === elements.length ? { kind: 'tuple', size, elements: known } : undefined;
}

function isSize(size: number): size is 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 || size === 8;
}
