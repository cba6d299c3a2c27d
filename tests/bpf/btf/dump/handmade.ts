/** A table of types from a list: ids count from 1, or from the base's end. */
import type { Btf } from '../../../../bpf/btf/btf.ts';
import type { BtfInt, BtfMember, BtfType, TypeId } from '../../../../bpf/btf/type.ts';

export function handmade(types: readonly BtfType[], base?: Btf): Btf {
  const firstId = base?.end ?? 1;
  const type = (id: TypeId): BtfType => {
    if (id === 0) return { kind: 'void' };
    if (base !== undefined && id < firstId) return base.type(id);
    const found = types[id - firstId];
    if (found === undefined) throw new RangeError(`no type ${id}`);
    return found;
  };
  const nameOf = (id: TypeId): string => {
    const found = type(id);
    return 'name' in found ? found.name : '';
  };
  const findAll = (name: string): TypeId[] =>
    Array.from({ length: firstId + types.length - 1 }, (_, index) => index + 1).filter(
      (id) => nameOf(id) === name,
    );
  return {
    littleEndian: true,
    pointerSize: 8,
    ...(base === undefined ? {} : { base }),
    firstId,
    end: firstId + types.length,
    type,
    kindOf: (id) => type(id).kind,
    nameOf,
    find: (name, kind) => findAll(name).find((id) => kind === undefined || type(id).kind === kind),
    findAll,
    string: () => '',
    stringsEnd: 0,
    bytes: () => new Uint8Array(),
  };
}

export function int(name: string, size: number, signed = true): BtfInt {
  return { kind: 'int', name, size, signed, encoding: 'plain', bits: size * 8, bitOffset: 0 };
}

export function ptr(type: TypeId): BtfType {
  return { kind: 'ptr', type };
}

export function typedef(name: string, type: TypeId): BtfType {
  return { kind: 'typedef', name, type };
}

/** Members as `[name, type, bit offset, width]`. */
export function struct(
  name: string,
  size: number,
  members: readonly (readonly [string, TypeId, number, number?])[] = [],
  kind: 'struct' | 'union' = 'struct',
): BtfType {
  return {
    kind,
    name,
    size,
    members: members.map(
      ([member, type, bitOffset, bitSize = 0]): BtfMember => ({ name: member, type, bitOffset, bitSize }),
    ),
  };
}
