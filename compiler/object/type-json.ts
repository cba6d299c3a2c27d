/** The language's types as JSON in the script section, and back with every size checked. */

import { MAX_FRAMES, stack } from '../types/make.ts';
import { givenMembers } from '../types/members.ts';
import { AGGREGATE_KINDS, isAggregateKind } from '../types/predicates.ts';
import type {
  AggregateType,
  Bitfield,
  Member,
  OpaqueType,
  StackMode,
  StructType,
  TupleType,
  Type,
} from '../types/type.ts';
import { type CheckedJson, given } from './checked-json.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const MAX_DEPTH = 32;
/** Nothing a program writes is larger: a record is part of the output buffer. */
export const MAX_VALUE_SIZE: number = 1 << 24;
const MAX_ELEMENTS = 4096;
/** What `lhist` allows (bpftrace's own limit). */
const MAX_BUCKETS = 1000;
/** What `tseries` allows. */
const MAX_SLOTS = 1_000_000;

const OPAQUE: readonly OpaqueType['kind'][] = ['ksym', 'usym', 'username', 'macaddr', 'inet'];
const STACKS = ['kstack', 'ustack'] as const;
const STACK_MODES: readonly StackMode[] = ['bpftrace', 'perf', 'raw', 'build_id'];
const KINDS: readonly Type['kind'][] = [
  'integer',
  'boolean',
  'string',
  'buffer',
  'tuple',
  'pointer',
  'array',
  'struct',
  'timestamp',
  'none',
  'cgroup_path',
  ...STACKS,
  ...OPAQUE,
  ...AGGREGATE_KINDS,
];
const CLOCKS = ['boot', 'monotonic', 'tai', 'sw_tai'] as const;
const SIZES = [1, 2, 4, 8] as const;
const SPACES = ['kernel', 'user', 'none'] as const;

export function encodeType(type: Type): Json {
  switch (type.kind) {
    case 'integer': {
      const { enum: named, ...rest } = type;
      if (named === undefined) return rest;
      const values = [...named.values].map(([value, name]) => [value.toString(), name]);
      return { ...rest, enum: { name: named.name, values } };
    }
    case 'tuple':
      return {
        ...type,
        elements: type.elements.map((element) => ({ ...element, type: encodeType(element.type) })),
      };
    case 'pointer':
      return { ...type, target: encodeTarget(type.target) };
    case 'struct':
      return { ...declaration(type), members: type.members.list().map(encodeMember) };
    case 'array':
      return { ...type, element: encodeType(type.element) };
    default:
      return { ...type };
  }
}

/** Pointers are printed as numbers: of a struct behind one the name is enough. */
function encodeTarget(type: Type): Json {
  switch (type.kind) {
    case 'struct':
      return { ...declaration(type), members: [] };
    case 'array':
      return { ...type, element: encodeTarget(type.element) };
    default:
      return encodeType(type);
  }
}

function declaration({ kind, tag, name, size, align }: StructType): { readonly [key: string]: Json } {
  return { kind, tag, name, size, align };
}

function encodeMember({ name, offset, type, bitfield }: Member): Json {
  return { name, offset, type: encodeType(type), ...(bitfield && { bitfield: { ...bitfield } }) };
}

/** @throws FormatError */
export function decodeType(json: CheckedJson, depth = 0): Type {
  if (depth > MAX_DEPTH) json.fail(`is nested deeper than ${MAX_DEPTH}`);
  const kind = json.get('kind').oneOf(KINDS);
  switch (kind) {
    case 'integer':
      return {
        kind,
        size: json.get('size').oneOf([1, 2, 4, 8] as const),
        signed: json.get('signed').boolean(),
        ...flexible(json),
        ...given('clock', json.optional('clock')?.oneOf(CLOCKS)),
        ...given('enum', json.optional('enum') && decodeEnum(json.get('enum'))),
      };
    case 'boolean':
      return { kind, size: json.get('size').oneOf([1] as const) };
    case 'string':
      return { kind, size: sizeAt(json, 0) };
    case 'buffer':
      return { kind, size: sizeAt(json, 4) };
    case 'tuple':
      return decodeTuple(json, depth);
    case 'pointer':
      return {
        kind,
        size: json.get('size').oneOf([8] as const),
        target: decodeType(json.get('target'), depth + 1),
        space: json.get('space').oneOf(SPACES),
      };
    case 'array':
      return decodeArray(json, depth);
    case 'struct':
      return decodeStruct(json, depth);
    case 'timestamp':
      return {
        kind,
        size: json.get('size').oneOf([8] as const),
        format: json.get('format').text(4096),
        clock: json.get('clock').oneOf(CLOCKS),
      };
    case 'none':
      return { kind, size: json.get('size').oneOf([0] as const) };
    case 'kstack':
    case 'ustack':
      return stack(kind, json.get('mode').oneOf(STACK_MODES), json.get('limit').integer(1, MAX_FRAMES));
    case 'macaddr':
      return { kind, size: sizeAt(json, 6) };
    case 'ksym':
    case 'usym':
    case 'username':
      return { kind, size: sizeAt(json, 8) };
    case 'inet':
      return { kind, size: json.get('size').oneOf([12, 24] as const) };
    case 'cgroup_path':
      return {
        kind,
        size: json.get('size').oneOf([8] as const),
        ...given('filter', json.optional('filter')?.text(4096)),
      };
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
    case 'hist':
    case 'lhist':
    case 'tseries':
      return decodeAggregate(json, kind);
    default:
      return kind satisfies never;
  }
}

function sizeAt(json: CheckedJson, least: number): number {
  return json.get('size').integer(least, MAX_VALUE_SIZE);
}

function flexible(json: CheckedJson): { readonly flexible?: boolean } {
  return given('flexible', json.optional('flexible')?.boolean());
}

function decodeEnum(json: CheckedJson): {
  readonly name: string;
  readonly values: ReadonlyMap<bigint, string>;
} {
  const values = json.get('values').list(1 << 16, (pair): readonly [bigint, string] => {
    const [value, name] = pair.tuple(2);
    return [value!.bigint(), name!.text(4096)];
  });
  return { name: json.get('name').text(4096), values: new Map(values) };
}

function decodeTuple(json: CheckedJson, depth: number): TupleType {
  const size = sizeAt(json, 0);
  const elements = json.get('elements').list(MAX_ELEMENTS, (item) => {
    const type = decodeValueType(item.get('type'), depth + 1);
    const offset = item.get('offset').integer(0, size);
    if (offset + type.size > size) item.fail('reaches beyond its tuple');
    return { ...given('name', item.optional('name')?.text(4096)), offset, type };
  });
  return { kind: 'tuple', size, elements };
}

function decodeArray(json: CheckedJson, depth: number): Type {
  const size = sizeAt(json, 0);
  const element = decodeValueType(json.get('element'), depth + 1);
  const count = json.get('count').integer(0, MAX_VALUE_SIZE);
  if (element.size * count !== size) json.fail('has a size that is not its elements’');
  // What is printed is bounded by the bytes it is made of.
  if (element.size === 0 && count > 0) json.fail('has elements without a size');
  return { kind: 'array', size, element, count };
}

function decodeStruct(json: CheckedJson, depth: number): StructType {
  const size = sizeAt(json, 0);
  const members = json.get('members').list(MAX_ELEMENTS, (item) => decodeMember(item, size, depth + 1));
  return {
    kind: 'struct',
    tag: json.get('tag').oneOf(['struct', 'union'] as const),
    name: json.get('name').text(4096),
    size,
    align: json.get('align').oneOf(SIZES),
    members: givenMembers(members),
  };
}

function decodeMember(item: CheckedJson, size: number, depth: number): Member {
  const type = decodeValueType(item.get('type'), depth);
  const offset = item.get('offset').integer(0, size);
  const bitfield = item.optional('bitfield') && decodeBitfield(item.get('bitfield'), type);
  if (offset + (bitfield?.storage ?? type.size) > size) item.fail('reaches beyond its struct');
  return { name: item.get('name').text(4096), offset, type, ...given('bitfield', bitfield) };
}

function decodeBitfield(json: CheckedJson, type: Type): Bitfield {
  if (type.kind !== 'integer' && type.kind !== 'boolean') json.fail('is of no integer');
  const storage = json.get('storage').integer(1, 8);
  const shift = json.get('shift').integer(0, storage * 8 - 1);
  return { storage, shift, bits: json.get('bits').integer(1, storage * 8 - shift) };
}

/** A type that is no aggregation. */
export function decodeValueType(json: CheckedJson, depth = 0): Exclude<Type, AggregateType> {
  const type = decodeType(json, depth);
  if (isAggregateKind(type.kind)) json.fail('is an aggregation outside a map');
  return type as Exclude<Type, AggregateType>;
}

function decodeAggregate(json: CheckedJson, kind: AggregateType['kind']): AggregateType {
  const size = json.get('size');
  switch (kind) {
    case 'count':
      return { kind, size: size.oneOf([8] as const) };
    case 'sum':
      return {
        kind,
        size: size.oneOf([8] as const),
        signed: json.get('signed').boolean(),
        ...flexible(json),
      };
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return {
        kind,
        size: size.oneOf([16] as const),
        signed: json.get('signed').boolean(),
        ...flexible(json),
      };
    case 'hist':
      return { kind, size: size.oneOf([8] as const), bits: json.get('bits').integer(0, 5) };
    case 'tseries':
      return {
        kind,
        size: size.oneOf([24] as const),
        signed: json.get('signed').boolean(),
        ...flexible(json),
        interval: json.get('interval').integer(1, Number.MAX_SAFE_INTEGER),
        count: json.get('count').integer(1, MAX_SLOTS),
        ...given('merge', json.optional('merge')?.oneOf(['avg', 'max', 'min', 'sum'] as const)),
      };
    case 'lhist': {
      const whole = Number.MAX_SAFE_INTEGER;
      const min = json.get('min').integer(-whole, whole);
      const max = json.get('max').integer(min + 1, whole);
      const step = json.get('step').integer(1, whole);
      if ((max - min) / step > MAX_BUCKETS) json.fail(`has more than ${MAX_BUCKETS} buckets`);
      return { kind, size: size.oneOf([8] as const), min, max, step };
    }
    default:
      return kind satisfies never;
  }
}
