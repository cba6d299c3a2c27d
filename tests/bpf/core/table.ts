/** A table of types written down as such, for tests. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import type { BtfComposite, BtfEnum, BtfInt, BtfMember, BtfType, TypeId } from '../../../bpf/btf/type.ts';

export interface TableOptions {
  readonly littleEndian?: boolean;
  readonly pointerSize?: 4 | 8;
  readonly base?: Btf;
}

/** Ids count from 1, or from where the base ends; types that are there twice stay so. */
export function table(types: readonly BtfType[], options: TableOptions = {}): Btf {
  const { base, ...build } = options;
  const builder = new BtfBuilder(base === undefined ? {} : { base });
  const ids = types.map(() => builder.reserve());
  for (const [at, type] of types.entries()) builder.define(ids[at]!, type);
  return builder.build(build);
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
