/**
 * The BTF of a compiled script: a prototype for each function and the types of keys and values of its maps. Linux takes
 * func and line info only with it, and bpftool prints the script's maps by it.
 */
import { BtfBuilder } from '../../bpf/btf/builder.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import { symbolNames } from '../../bpf/elf/write/symbol-names.ts';
import { helperById } from '../../bpf/helpers/lookup.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfFunction, BpfObject, BpfProgram } from '../../bpf/object.ts';
import type { ScriptMap } from '../script-info.ts';
import { isScalar } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import type { FunctionTypes } from './script-object.ts';
import { addBytes, addInteger, addKey, addType } from './type-btf.ts';

/** The object with its types, in addition to those it has. */
export function addScriptTypes(
  object: BpfObject,
  scriptMaps: readonly ScriptMap[],
  own: ReadonlyMap<string, FunctionTypes>,
): BpfObject {
  const builder = object.btf === undefined ? new BtfBuilder() : BtfBuilder.from(object.btf);
  const symbols = symbolNames(object);
  const byName = new Map(scriptMaps.map((map) => [map.name, map]));
  const maps = object.maps.map((map) =>
    typedMap(builder, map, byName.get(map.name), symbols.maps.get(map.name)!),
  );
  const callbacks = callbackKinds(object);
  const withType = <Code extends BpfFunction>(
    code: Code,
    prototype: TypeId,
    linkage: 'static' | 'global',
  ): Code => ({
    ...code,
    linkage,
    btfId: builder.addFunction(symbols.functions.get(code.name)!, prototype, linkage),
  });
  const programs = object.programs.map((one) => withType(one, programPrototype(builder, one), 'global'));
  const functions = object.functions.map((one) =>
    withType(
      one,
      ownPrototype(builder, one.name, own.get(one.name)) ??
        callbackPrototype(builder, callbacks.get(one.name)),
      'static',
    ),
  );
  return { ...object, programs, functions, maps, btf: builder.build({ pointerSize: 8 }) };
}

function typedMap(
  builder: BtfBuilder,
  map: MapDefinition,
  script: ScriptMap | undefined,
  symbol: string,
): MapDefinition {
  if (map.type === 'ringbuf' || map.type === 'perf_event_array') return map;
  const key =
    script === undefined ? internalKey(builder, map.keySize) : addKey(builder, script, `${symbol}_key`);
  const value =
    script === undefined
      ? internalValue(builder, map.valueSize)
      : addType(builder, script.value, `${symbol}_value`);
  return key === 0 || value === 0 ? map : { ...map, btf: { key, value } };
}

/** An index, or a hash. */
function internalKey(builder: BtfBuilder, size: number): TypeId {
  return size === 4 ? addInteger(builder, 4, false) : internalValue(builder, size);
}

function internalValue(builder: BtfBuilder, size: number): TypeId {
  return size === 8 ? addInteger(builder, 8, false) : addBytes(builder, addInteger(builder, 1, false), size);
}

/** `int program(void *ctx)`, with the context's structure where it has a fixed one. */
function programPrototype(builder: BtfBuilder, { type }: BpfProgram): TypeId {
  return builder.addPrototype(addInteger(builder, 4, true), [
    { name: 'ctx', type: builder.addPointer(contextType(builder, type)) },
  ]);
}

function contextType(builder: BtfBuilder, type: BpfProgram['type']): TypeId {
  switch (type) {
    case 'raw_tracepoint':
      return builder.addStruct('bpf_raw_tracepoint_args', 0, [
        { name: 'args', type: addBytes(builder, addInteger(builder, 8, false), 0), bitOffset: 0 },
      ]);
    case 'perf_event':
      return builder.addForward('bpf_perf_event_data', 'struct');
    default:
      return 0;
  }
}

/** A function of the script: values larger than a register by address. */
function ownPrototype(
  builder: BtfBuilder,
  name: string,
  types: FunctionTypes | undefined,
): TypeId | undefined {
  if (types === undefined) return undefined;
  const { parameters, result, framed, context, scratch } = types;
  const pointer = (target: TypeId): TypeId => builder.addPointer(target);
  const typeOf = (type: Type, of: string): TypeId => {
    const id = addType(builder, type, `${name}_${of}`);
    return isScalar(type) ? id : pointer(id);
  };
  const byAddress = result.kind !== 'none' && !isScalar(result);
  const words = parameters.map((one) => ({ name: one.name, type: typeOf(one.type, one.name) }));
  if (byAddress) words.push({ name: 'result', type: typeOf(result, 'result') });
  const given = framed ? [{ name: 'arguments', type: pointer(0) }] : words;
  if (context || scratch) given.push({ name: 'ctx', type: pointer(0) });
  if (scratch) given.push({ name: 'scratch', type: pointer(0) });
  const returned = isScalar(result) ? addType(builder, result) : addInteger(builder, 8, true);
  return builder.addPrototype(returned, given);
}

type CallbackKind = 'loop' | 'for_each_map_elem';

/** Which helper each function is given to: the first one called after its address is loaded. */
function callbackKinds(object: BpfObject): ReadonlyMap<string, CallbackKind> {
  const kinds = new Map<string, CallbackKind>();
  for (const { instructions } of [...object.programs, ...object.functions]) {
    let waiting: string[] = [];
    for (const { op, ref, src, imm } of instructions) {
      if (op === 'lddw' && ref?.kind === 'function') waiting.push(ref.name);
      if (op !== 'call' || src !== 0) continue;
      const name = helperById(imm)?.name;
      if (name !== 'loop' && name !== 'for_each_map_elem') continue;
      for (const one of waiting) kinds.set(one, name);
      waiting = [];
    }
  }
  return kinds;
}

function callbackPrototype(builder: BtfBuilder, kind: CallbackKind | undefined): TypeId {
  const pointer = (target: TypeId): TypeId => builder.addPointer(target);
  const long = addInteger(builder, 8, true);
  const context = { name: 'ctx', type: pointer(0) };
  switch (kind) {
    case 'loop':
      return builder.addPrototype(long, [{ name: 'index', type: addInteger(builder, 8, false) }, context]);
    case 'for_each_map_elem':
      return builder.addPrototype(long, [
        { name: 'map', type: pointer(builder.addForward('bpf_map', 'struct')) },
        { name: 'key', type: pointer(0) },
        { name: 'value', type: pointer(0) },
        context,
      ]);
    case undefined:
      return builder.addPrototype(long, []);
    default:
      return kind satisfies never;
  }
}
