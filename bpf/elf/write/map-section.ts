/**
 * The section `.maps`: where each map's variable lies and how large it is. Types that the object has of its maps stay as
 * they are while they say the same as the definitions; otherwise they are made anew.
 */
import type { Btf } from '../../btf/btf.ts';
import type { BtfBuilder } from '../../btf/builder.ts';
import { dataSectionOf } from '../../btf/data-section.ts';
import { sizeOf } from '../../btf/layout.ts';
import type { BtfDataSection, TypeId } from '../../btf/type.ts';
import type { MapDefinition, MapSlot } from '../../maps.ts';
import { MapProblem, readBtfMap } from '../object/btf-map.ts';
import { addMapStruct } from './map-types.ts';

export const MAPS_SECTION = '.maps';

export interface MapVariable {
  readonly map: MapDefinition;
  readonly symbol: string;
  readonly offset: number;
  /** With its static values. */
  readonly size: number;
  /** Bytes from the start of the section to the first static value. */
  readonly valuesAt: number;
}

export interface MapSection {
  readonly size: number;
  readonly variables: readonly MapVariable[];
}

/** `symbols` has the name of each map's variable. Adds what types are missing. */
export function layoutMaps(
  maps: readonly MapDefinition[],
  symbols: ReadonlyMap<string, string>,
  btf: Btf | undefined,
  builder: BtfBuilder,
): MapSection | undefined {
  if (maps.length === 0) return undefined;
  return (btf && existing(maps, symbols, btf)) ?? made(maps, symbols, btf, builder);
}

function existing(
  maps: readonly MapDefinition[],
  symbols: ReadonlyMap<string, string>,
  btf: Btf,
): MapSection | undefined {
  const section = dataSectionOf(btf, MAPS_SECTION);
  if (section?.variables.length !== maps.length) return undefined;
  const byName = new Map(section.variables.map((variable) => [btf.nameOf(variable.type), variable]));
  const variables: MapVariable[] = [];
  for (const map of maps) {
    const symbol = symbols.get(map.name)!;
    const variable = byName.get(symbol);
    const type = variable && btf.type(variable.type);
    if (variable === undefined || type?.kind !== 'var') return undefined;
    const values = valuesOffset(map, btf, type.type);
    if (values === undefined) return undefined;
    const { offset, size } = variable;
    variables.push({ map, symbol, offset, size, valuesAt: offset + values });
    if (slotsSize(map.slots) > size - values) return undefined;
  }
  // What the types say of the whole may be anything.
  const end = variables.reduce((most, { offset, size }) => Math.max(most, offset + size), 0);
  return section.size === end ? { size: end, variables } : undefined;
}

/** Where the static values of the struct begin (0 without), if it says what the definition says. */
function valuesOffset(map: MapDefinition, btf: Btf, type: TypeId): number | undefined {
  const { name: _, slots: __, ...wanted } = map;
  try {
    const { valuesOffset: offset = 0, ...found } = readBtfMap(btf, type);
    return specText(found) === specText(wanted) ? offset : undefined;
  } catch (error) {
    if (error instanceof MapProblem) return undefined;
    throw error;
  }
}

function specText(spec: object): string {
  const entries = Object.entries(spec).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

function made(
  maps: readonly MapDefinition[],
  symbols: ReadonlyMap<string, string>,
  btf: Btf | undefined,
  builder: BtfBuilder,
): MapSection {
  const variables: (MapVariable & { readonly type: TypeId })[] = [];
  let end = 0;
  for (const map of maps) {
    const struct = addMapStruct(builder, map, (type) => btf && sizeOf(btf, type));
    const symbol = symbols.get(map.name)!;
    const size = struct.size + slotsSize(map.slots);
    const type = builder.addVariable(symbol, struct.type, 'global');
    variables.push({ map, symbol, offset: end, size, valuesAt: end + (struct.valuesOffset ?? 0), type });
    end += size;
  }
  const section: BtfDataSection = { kind: 'datasec', name: MAPS_SECTION, size: end, variables };
  const old = btf?.find(MAPS_SECTION, 'datasec');
  if (old === undefined) builder.add(section);
  else builder.replace(old, section);
  return { size: end, variables };
}

function slotsSize(slots: readonly MapSlot[] = []): number {
  return slots.reduce((end, { index }) => Math.max(end, index + 1), 0) * 8;
}
