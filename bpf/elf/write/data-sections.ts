/**
 * Data of an object as ELF sections: `.rodata`, `.data` and `.bss` under their names. A plain map of one value whose
 * address the code has baked in becomes a section of its own too, `.data.NAME`: libbpf relocates addresses of values only
 * for such sections.
 */
import type { Btf } from '../../btf/btf.ts';
import type { BtfBuilder } from '../../btf/builder.ts';
import type { BtfVariable } from '../../btf/type.ts';
import type { MapDefinition } from '../../maps.ts';
import type { BpfObject } from '../../object.ts';
import { isDataSection } from './symbol-names.ts';

/** The map of extern configuration values: the loader makes its content, so that the file has none. */
export const KCONFIG = '.kconfig';

export interface DataVariable {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly isStatic: boolean;
}

export interface DataSection {
  readonly name: string;
  readonly map: MapDefinition;
  /** Undefined: zeros, which the file need not hold. */
  readonly bytes: Uint8Array | undefined;
  readonly variables: readonly DataVariable[];
}

/** Maps whose values the code has addresses of, though they are no sections of data. @throws RangeError */
export function addressedMaps(object: BpfObject): ReadonlySet<string> {
  const addressed = new Set<string>();
  const looked = new Set<string>();
  for (const { instructions } of [...object.programs, ...object.functions]) {
    for (const { ref } of instructions) {
      if (ref?.kind === 'map-value' && !isDataSection(ref.name)) addressed.add(ref.name);
      if (ref?.kind === 'map') looked.add(ref.name);
    }
  }
  for (const map of object.maps) {
    if (!addressed.has(map.name)) continue;
    const plain = map.type === 'array' && map.keySize === 4 && map.maxEntries === 1 && map.flags === 0;
    if (!plain || looked.has(map.name)) {
      throw new RangeError(`map ${map.name} is used by its value's address, which an object file cannot say`);
    }
  }
  return addressed;
}

/** The section an addressed map becomes. Of all its kinds libbpf 1.0 takes suffixes of this one only where code may write. */
export function sectionOfMap(symbol: string): string {
  return `.data.${symbol}`;
}

/** Adds the types of addressed maps. */
export function layoutData(
  object: BpfObject,
  symbols: ReadonlyMap<string, string>,
  builder: BtfBuilder,
): readonly DataSection[] {
  const addressed = addressedMaps(object);
  return object.maps.flatMap((map): readonly DataSection[] => {
    if (addressed.has(map.name)) return [addressedSection(object, map, symbols.get(map.name)!, builder)];
    if (!isDataSection(map.name) || map.name === KCONFIG) return [];
    const bytes = map.name.startsWith('.bss') ? undefined : contentOf(object, map);
    return [{ name: map.name, map, bytes, variables: variablesOf(object.btf, map.name) }];
  });
}

function contentOf(object: BpfObject, map: MapDefinition): Uint8Array {
  const bytes = new Uint8Array(map.valueSize);
  bytes.set(object.data.get(map.name)?.subarray(0, map.valueSize) ?? []);
  return bytes;
}

function addressedSection(
  object: BpfObject,
  map: MapDefinition,
  symbol: string,
  builder: BtfBuilder,
): DataSection {
  const name = sectionOfMap(symbol);
  const type = map.btf?.value ?? byteArray(builder, map.valueSize);
  const variable = builder.addVariable(symbol, type, 'global');
  builder.addDataSection(name, map.valueSize, [{ type: variable, offset: 0, size: map.valueSize }]);
  const variables = [{ name: symbol, offset: 0, size: map.valueSize, isStatic: false }];
  return { name, map, bytes: contentOf(object, map), variables };
}

function byteArray(builder: BtfBuilder, size: number): number {
  const byte = builder.addInt('unsigned char', 1);
  return builder.addArray(byte, builder.addInt('__ARRAY_SIZE_TYPE__', 4), size);
}

/** The variables that types tell of in a section. */
export function variablesOf(btf: Btf | undefined, section: string): readonly DataVariable[] {
  const id = btf?.find(section, 'datasec');
  const type = id === undefined ? undefined : btf!.type(id);
  if (type?.kind !== 'datasec') return [];
  return type.variables.flatMap(({ type: variable, offset, size }) => {
    const { kind, name, linkage } = btf!.type(variable) as BtfVariable;
    return kind === 'var' ? [{ name, offset, size, isStatic: linkage === 'static' }] : [];
  });
}
