/**
 * Types one by one as they are in the table, in bpftool's words (`bpftool btf dump file F`, and `-j` for JSON), so that
 * what reads its output reads this. Names that are missing are `(anon)`.
 */
import type { Btf } from '../btf.ts';
import type { BtfFloat, BtfInt, BtfType, TypeId } from '../type.ts';

type Value = string | number | bigint;
type Fields = readonly (readonly [string, Value])[];

interface Row {
  readonly fields: Fields;
  /** What a type has many of: members, values, parameters, variables. */
  readonly list?: { readonly name: string; readonly items: readonly Item[] };
}

interface Item {
  /** Undefined where the item has none in JSON and in text. */
  readonly name?: string;
  readonly fields: Fields;
  /** In text alone. */
  readonly note?: string;
}

/** `[12] STRUCT 'list_head' size=16 vlen=2` and a line a member; ends in a newline. */
export function rawText(btf: Btf, id: TypeId): string {
  const type = btf.type(id);
  const { fields, list } = rowOf(btf, type);
  const comma = type.kind === 'var' ? ',' : '';
  const head = fields.map(([name, value]) => ` ${name}=${value}`).join(comma);
  const lines = (list?.items ?? []).map((item) => itemText(item, type));
  return `[${id}] ${type.kind.toUpperCase()} '${btf.nameOf(id) || ANONYMOUS}'${head}\n${lines.join('')}`;
}

function itemText({ name, fields, note = '' }: Item, type: BtfType): string {
  const suffix = type.kind === 'enum64' ? (type.signed ? 'LL' : 'ULL') : '';
  const words = fields.map(([field, value]) => `${field}=${value}${field === 'val' ? suffix : ''}`);
  if (name !== undefined) words.unshift(`'${name}'`);
  return `\t${words.join(' ')}${note}\n`;
}

/** The same as one object of JSON. */
export function rawJson(btf: Btf, id: TypeId): string {
  const type = btf.type(id);
  const { fields, list } = rowOf(btf, type);
  const head: Fields = [
    ['id', id],
    ['kind', type.kind.toUpperCase()],
    ['name', btf.nameOf(id) || ANONYMOUS],
  ];
  const texts = [...head, ...fields].map(jsonField);
  if (list !== undefined) texts.push(`"${list.name}":[${list.items.map(itemJson).join(',')}]`);
  return `{${texts.join(',')}}`;
}

function itemJson({ name, fields }: Item): string {
  const named: Fields = name === undefined ? fields : [['name', name], ...fields];
  return `{${named.map(jsonField).join(',')}}`;
}

/** Numbers of 64 bits are written whole. */
function jsonField([name, value]: readonly [string, Value]): string {
  return `"${name}":${typeof value === 'string' ? JSON.stringify(value) : value}`;
}

const ANONYMOUS = '(anon)';

function rowOf(btf: Btf, type: BtfType): Row {
  switch (type.kind) {
    case 'void':
      return { fields: [] };
    case 'int':
      return {
        fields: [
          ['size', type.size],
          ['bits_offset', type.bitOffset],
          ['nr_bits', type.bits],
          ['encoding', encodingOf(type)],
        ],
      };
    case 'float':
      return { fields: [['size', (type satisfies BtfFloat).size]] };
    case 'ptr':
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'typedef':
    case 'type_tag':
      return { fields: [['type_id', type.type]] };
    case 'array':
      return {
        fields: [
          ['type_id', type.element],
          ['index_type_id', type.index],
          ['nr_elems', type.count],
        ],
      };
    case 'fwd':
      return { fields: [['fwd_kind', type.of]] };
    case 'func':
    case 'var':
      return {
        fields: [
          ['type_id', type.type],
          ['linkage', type.linkage],
        ],
      };
    case 'decl_tag':
      return {
        fields: [
          ['type_id', type.type],
          ['component_idx', type.component],
        ],
      };
    case 'struct':
    case 'union':
      return listed('members', [['size', type.size]], type.members.map(memberItem));
    case 'enum':
    case 'enum64':
      return listed(
        'values',
        [
          ['encoding', type.signed ? 'SIGNED' : 'UNSIGNED'],
          ['size', type.size],
        ],
        type.values.map(({ name, value }) => ({ name: name || ANONYMOUS, fields: [['val', value]] })),
      );
    case 'func_proto':
      return listed(
        'params',
        [['ret_type_id', type.returns]],
        type.parameters.map((one) => ({ name: one.name || ANONYMOUS, fields: [['type_id', one.type]] })),
      );
    case 'datasec':
      return listed(
        'vars',
        [['size', type.size]],
        type.variables.map((one) => variableItem(btf, one)),
      );
    default:
      return type satisfies never;
  }
}

function listed(name: string, fields: Fields, items: readonly Item[]): Row {
  return { fields: [...fields, ['vlen', items.length]], list: { name, items } };
}

function memberItem(member: {
  readonly name: string;
  readonly type: TypeId;
  readonly bitOffset: number;
  readonly bitSize: number;
}): Item {
  const place: Fields = [
    ['type_id', member.type],
    ['bits_offset', member.bitOffset],
  ];
  const fields: Fields = member.bitSize === 0 ? place : [...place, ['bitfield_size', member.bitSize]];
  return { name: member.name || ANONYMOUS, fields };
}

function variableItem(
  btf: Btf,
  variable: { readonly type: TypeId; readonly offset: number; readonly size: number },
): Item {
  const kind = btf.kindOf(variable.type);
  const isNamed = kind === 'var' || kind === 'func';
  return {
    fields: [
      ['type_id', variable.type],
      ['offset', variable.offset],
      ['size', variable.size],
    ],
    ...(isNamed ? { note: ` (${kind.toUpperCase()} '${btf.nameOf(variable.type)}')` } : {}),
  };
}

function encodingOf(type: BtfInt): string {
  if (type.encoding === 'plain') return type.signed ? 'SIGNED' : '(none)';
  return type.signed ? 'UNKN' : type.encoding.toUpperCase();
}
