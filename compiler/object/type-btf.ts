/** The language's types as C types in BTF: what is stored in maps has the very layout user space reads. */

import type { BtfBuilder } from '../../bpf/btf/builder.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { ScriptMap } from '../script-info.ts';
import { isBucketed } from '../types/predicates.ts';
import type { Member, StructType, TupleType, Type } from '../types/type.ts';

const INTEGERS: Readonly<Record<1 | 2 | 4 | 8, string>> = { 1: 'char', 2: 'short', 4: 'int', 8: 'long' };

/** Adds a type; `name` is given to a struct. 0 for what has no bytes. */
export function addType(builder: BtfBuilder, type: Type, name = ''): TypeId {
  switch (type.kind) {
    case 'integer':
      return addInteger(builder, type.size, type.signed);
    case 'boolean':
      return builder.addInt('_Bool', 1, { encoding: 'bool', bits: 8 });
    case 'string':
      return addBytes(builder, addChar(builder), type.size);
    case 'buffer':
      return builder.addStruct(name, type.size, [
        { name: 'length', type: addInteger(builder, 4, false), bitOffset: 0 },
        { name: 'data', type: addBytes(builder, addChar(builder), type.size - 4), bitOffset: 32 },
      ]);
    case 'tuple':
      return addTuple(builder, type, name);
    case 'pointer':
      return builder.addPointer(addTarget(builder, type.target));
    case 'struct':
      return addStruct(builder, type);
    case 'array':
      return builder.addArray(addType(builder, type.element), addIndex(builder), type.count);
    case 'timestamp':
      return addInteger(builder, 8, false);
    case 'none':
      return 0;
    case 'ksym':
    case 'usym':
    case 'username':
    case 'kstack':
    case 'ustack':
    case 'macaddr':
    case 'inet':
    case 'cgroup_path':
      if (type.size === 8) return addInteger(builder, 8, false);
      return addBytes(builder, addInteger(builder, 1, false), type.size);
    case 'count':
    case 'hist':
    case 'lhist':
      return addInteger(builder, 8, type.kind === 'count');
    case 'sum':
      return addInteger(builder, 8, type.signed);
    case 'min':
    case 'max':
      return addPair(builder, name, ['value', type.signed], ['is_set', false]);
    case 'tseries':
      return addWords(builder, name, [
        ['value', type.signed],
        ['meta', false],
        ['epoch', false],
      ]);
    case 'avg':
    case 'stats':
      return addPair(builder, name, ['total', type.signed], ['count', false]);
    default:
      return type satisfies never;
  }
}

/** What is behind a pointer has no members here: kernel types lead to one another without end. */
function addTarget(builder: BtfBuilder, type: Type): TypeId {
  switch (type.kind) {
    case 'none':
      return 0;
    case 'struct':
      return type.name === '' ? 0 : builder.addForward(type.name, type.tag);
    case 'array':
      return addTarget(builder, type.element);
    default:
      return addType(builder, type);
  }
}

function addStruct(builder: BtfBuilder, type: StructType): TypeId {
  const members = type.members.list().flatMap((member) => {
    const id = addType(builder, member.type);
    return id === 0 ? [] : [{ name: member.name, type: id, ...bitsOf(member) }];
  });
  if (type.tag === 'union') return builder.addUnion(type.name, type.size, members);
  return builder.addStruct(type.name, type.size, members);
}

function bitsOf({ offset, bitfield }: Member): { readonly bitOffset: number; readonly bitSize?: number } {
  if (bitfield === undefined) return { bitOffset: offset * 8 };
  return { bitOffset: offset * 8 + bitfield.shift, bitSize: bitfield.bits };
}

/** The key of a map as BPF sees it: of histograms with the bucket behind it. */
export function addKey(builder: BtfBuilder, { key, keySize, value }: ScriptMap, name: string): TypeId {
  const size = key?.size ?? 8;
  const isHistogram = isBucketed(value);
  if (!isHistogram) return key === undefined ? addInteger(builder, 8, false) : addType(builder, key, name);
  const inner = key === undefined ? addInteger(builder, 8, false) : addType(builder, key);
  const bucket = { name: 'bucket', type: addInteger(builder, 8, false), bitOffset: (keySize - 8) * 8 };
  const members = size === 0 ? [bucket] : [{ name: 'key', type: inner, bitOffset: 0 }, bucket];
  return builder.addStruct(name, keySize, members);
}

export function addInteger(builder: BtfBuilder, size: 1 | 2 | 4 | 8, signed: boolean): TypeId {
  const plain = INTEGERS[size];
  if (size === 1) return builder.addInt(signed ? 'signed char' : 'unsigned char', 1, { signed });
  return builder.addInt(signed ? plain : `unsigned ${plain}`, size, { signed });
}

export function addBytes(builder: BtfBuilder, element: TypeId, size: number): TypeId {
  return builder.addArray(element, addIndex(builder), size);
}

function addChar(builder: BtfBuilder): TypeId {
  return builder.addInt('char', 1, { signed: true });
}

function addIndex(builder: BtfBuilder): TypeId {
  return builder.addInt('__ARRAY_SIZE_TYPE__', 4);
}

/** Elements without a name are `_0`, `_1`, … */
function addTuple(builder: BtfBuilder, type: TupleType, name: string): TypeId {
  const members = type.elements.flatMap((element, index) => {
    const member = addType(builder, element.type);
    if (member === 0) return [];
    return [{ name: element.name ?? `_${index}`, type: member, bitOffset: element.offset * 8 }];
  });
  return builder.addStruct(name, type.size, members);
}

function addPair(builder: BtfBuilder, name: string, first: Word, second: Word): TypeId {
  return addWords(builder, name, [first, second]);
}

type Word = readonly [name: string, signed: boolean];

/** A struct of 64-bit numbers. */
function addWords(builder: BtfBuilder, name: string, words: readonly Word[]): TypeId {
  const members = words.map(([member, signed], index) => ({
    name: member,
    type: addInteger(builder, 8, signed),
    bitOffset: index * 64,
  }));
  return builder.addStruct(name, words.length * 8, members);
}
