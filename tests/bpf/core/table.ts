/** A table of types written down as such, for tests. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import type { BtfComposite, BtfEnum, BtfInt, BtfMember, BtfType, TypeId } from '../../../bpf/btf/type.ts';

export interface TableOptions {
  readonly littleEndian?: boolean;
  readonly pointerSize?: 4 | 8;
  readonly base?: Btf;
}

/** Ids count from 1, or from where the base ends. */
export function table(types: readonly BtfType[], options: TableOptions = {}): Btf {
  const { base } = options;
  const firstId = base?.end ?? 1;
  const type = (id: TypeId): BtfType => {
    if (id === 0) return { kind: 'void' };
    if (id < firstId && base !== undefined) return base.type(id);
    const found = types[id - firstId];
    if (found === undefined) throw new RangeError(`there is no type ${id}`);
    return found;
  };
  const nameOf = (id: TypeId): string => {
    const found = type(id);
    return 'name' in found ? found.name : '';
  };
  const findAll = (name: string): readonly TypeId[] => {
    const own = types.flatMap((one, at) => ('name' in one && one.name === name ? [firstId + at] : []));
    return [...(base?.findAll(name) ?? []), ...own];
  };
  return {
    littleEndian: options.littleEndian ?? true,
    pointerSize: options.pointerSize ?? 8,
    ...(base === undefined ? {} : { base }),
    firstId,
    end: firstId + types.length,
    type,
    kindOf: (id) => type(id).kind,
    nameOf,
    find: (name, kind) => findAll(name).find((id) => kind === undefined || type(id).kind === kind),
    findAll,
    bytes: () => new Uint8Array(),
    string: () => '',
    stringsEnd: 1,
  };
}

export function int(name: string, size: number, signed = false): BtfInt {
  return { kind: 'int', name, size, signed, encoding: 'plain', bits: size * 8, bitOffset: 0 };
}

/** `[name, type, byte offset]`, or `[name, type, bit offset, bit size]` of a bitfield. */
export type MemberRow =
  | readonly [name: string, type: TypeId, offset: number]
  | readonly [name: string, type: TypeId, bitOffset: number, bitSize: number];

export function struct(name: string, size: number, ...rows: readonly MemberRow[]): BtfComposite {
  return { kind: 'struct', name, size, members: rows.map(member) };
}

export function union(name: string, size: number, ...rows: readonly MemberRow[]): BtfComposite {
  return { kind: 'union', name, size, members: rows.map(member) };
}

export function enumeration(name: string, values: Readonly<Record<string, bigint>>, size = 4): BtfEnum {
  const rows = Object.entries(values).map(([value, number]) => ({ name: value, value: number }));
  const signed = rows.some((row) => row.value < 0n);
  return { kind: size === 8 ? 'enum64' : 'enum', name, size, signed, values: rows };
}

function member([name, type, offset, bitSize]: MemberRow): BtfMember {
  if (bitSize !== undefined) return { name, type, bitOffset: offset, bitSize };
  return { name, type, bitOffset: offset * 8, bitSize: 0 };
}
