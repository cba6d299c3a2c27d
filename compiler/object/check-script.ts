/** Does what user space will do with a script fit the maps of the object it came with? */

import { FormatError } from '../../bpf/format-error.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfObject } from '../../bpf/object.ts';
import type { Action, ScriptInfo, ScriptMap, ScriptOption } from '../script-info.ts';
import { isBucketed } from '../types/predicates.ts';

/** @throws FormatError */
export function checkScriptMaps(info: ScriptInfo, object: BpfObject): void {
  const definitions = new Map(object.maps.map((map) => [map.name, map]));
  const definition = (name: string): MapDefinition =>
    definitions.get(name) ?? refuse(`the object has no map '${name}'`);
  const { output, lostCounter } = info;
  if (definition(output.map).type !== output.kind) refuse(`map '${output.map}' is no ${output.kind}`);
  if (lostCounter !== undefined) checkCounter(definition(lostCounter), 0);
  for (const start of info.startValues) checkCounter(definition(start.map), start.offset);
  for (const option of info.options ?? []) checkOption(option, definition(option.map));
  for (const { traces, spilled } of info.stackMaps ?? []) {
    if (traces !== undefined) checkFrames(definition(traces), 'stack_trace', 4);
    if (spilled !== undefined) checkFrames(definition(spilled), 'hash', 8);
  }
  for (const map of info.maps) checkMap(map, definition(map.name));
  const maps = new Map(info.maps.map((map) => [map.name, map]));
  if (maps.size !== info.maps.length) refuse('it tells of a map twice');
  for (const action of info.actions) checkAction(action, maps);
}

/** A script section that is not of its object. @throws FormatError */
export function refuse(problem: string): never {
  throw new FormatError('script section', 0, problem);
}

function checkCounter({ name, type, keySize, valueSize }: MapDefinition, offset: number): void {
  if ((type !== 'array' && type !== 'percpu_array') || keySize !== 4 || offset + 8 > valueSize) {
    refuse(`map '${name}' has no 64-bit word at ${offset}`);
  }
}

function checkOption({ name, type, offset }: ScriptOption, map: MapDefinition): void {
  const isWord = type.kind === 'boolean' || (type.kind === 'integer' && type.size === 8);
  if (!isWord && (type.kind !== 'string' || type.size === 0)) {
    refuse(`option '${name}' is a ${type.kind} of ${type.size} bytes`);
  }
  const known = map.type === 'array' && map.keySize === 4 && offset + type.size <= map.valueSize;
  if (!known) refuse(`map '${map.name}' has no option at ${offset}`);
}

function checkFrames({ name, type, keySize }: MapDefinition, wanted: string, keys: number): void {
  if (type !== wanted || keySize !== keys) refuse(`map '${name}' holds no stacks`);
}

function checkMap(map: ScriptMap, { type, keySize, valueSize }: MapDefinition): void {
  const { value } = map;
  const buckets = isBucketed(value) ? 8 : 0;
  if (!/hash$/.test(type)) refuse(`map '${map.name}' is a ${type}`);
  if (keySize !== map.keySize) refuse(`map '${map.name}' has keys of ${keySize} bytes, not ${map.keySize}`);
  if ((map.key?.size ?? 0) + buckets > keySize)
    refuse(`keys of map '${map.name}' are larger than it has room for`);
  if (valueSize !== Math.max(value.size, 1))
    refuse(`map '${map.name}' has values of ${valueSize} bytes, not ${value.size}`);
}

function checkAction(action: Action, maps: ReadonlyMap<string, ScriptMap>): void {
  if (!('map' in action)) return;
  const map = maps.get(action.map) ?? refuse(`an action names the unknown map '${action.map}'`);
  if (action.kind !== 'print-map-entry') return;
  const histogram = isBucketed(map.value);
  if (action.key.type.size > map.keySize) refuse(`an action has a key larger than those of '${map.name}'`);
  if (action.value === undefined ? !histogram : histogram || action.value.type.size !== map.value.size) {
    refuse(`an action prints something else than the values of '${map.name}'`);
  }
}
