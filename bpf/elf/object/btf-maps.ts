/** The section `.maps`: one variable a map (libbpf's `bpf_object__init_user_btf_maps`), and its static values. */
import type { Btf } from '../../btf/btf.ts';
import { dataSectionOf } from '../../btf/data-section.ts';
import type { BtfDataSection, TypeId } from '../../btf/type.ts';
import type { MapDefinition, MapSlot } from '../../maps.ts';
import { R_BPF } from '../constants.ts';
import type { ElfRelocation } from '../elf-relocation.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import { MapProblem, readBtfMap } from './btf-map.ts';
import type { ObjectFunction } from './functions.ts';
import type { ObjectFile } from './object-file.ts';
import type { PlacedMap } from './placed-map.ts';

/** In the order of offsets, without static values. @throws FormatError */
export function readBtfMaps(file: ObjectFile, btf: Btf | undefined): readonly PlacedMap[] {
  const [section] = file.withRole('maps');
  if (section === undefined || section.size === 0) return [];
  if (btf === undefined) return file.fail(section, 0, 'maps are defined by BTF, and the object has none');
  const types = dataSectionOf(btf, '.maps');
  if (types === undefined) return file.fail(section, 0, 'the types have no section .maps');
  const maps = types.variables
    .filter(({ type }) => !isExtern(btf, type))
    .map((variable) => readVariable(file, section, btf, variable));
  return maps.toSorted((a, b) => a.offset - b.offset);
}

/** Another object's map. */
function isExtern(btf: Btf, id: TypeId): boolean {
  const variable = btf.type(id);
  return variable.kind === 'var' && variable.linkage === 'extern';
}

function readVariable(
  file: ObjectFile,
  section: ElfSection,
  btf: Btf,
  { type, offset, size }: BtfDataSection['variables'][number],
): PlacedMap {
  const variable = btf.type(type);
  if (variable.kind !== 'var') return file.fail(section, offset, `type ${type} is no variable`);
  const { name } = variable;
  if (offset + size > section.size) file.fail(section, offset, `map ${name} ends outside the section`);
  if (name === '') file.fail(section, offset, 'a map has no name');
  if (variable.linkage === 'static') {
    file.warn(section, offset, `map ${name} is static or hidden, which libbpf refuses`);
  }
  try {
    const { valuesOffset, ...spec } = readBtfMap(btf, variable.type);
    const map: MapDefinition = { name, ...spec };
    return { section, offset, size, map, ...(valuesOffset === undefined ? {} : { valuesOffset }) };
  } catch (error) {
    if (!(error instanceof MapProblem)) throw error;
    return file.fail(section, offset, `map ${name} ${error.message}`);
  }
}

/** Maps and programs that relocations put into `values` (libbpf's `bpf_object__collect_map_relos`). @throws FormatError */
export function withSlots(
  file: ObjectFile,
  maps: readonly PlacedMap[],
  functions: readonly ObjectFunction[],
): readonly MapDefinition[] {
  const slots = new Map<PlacedMap, MapSlot[]>();
  const [section] = file.withRole('maps');
  const targets: SlotTargets = {
    maps: maps.filter((one) => one.section === section),
    programs: new Map(functions.filter(({ isProgram }) => isProgram).map((one) => [one.symbol, one.name])),
  };
  for (const relocation of section === undefined ? [] : file.relocationsOf(section)) {
    const { map, slot } = readSlot(file, section!, relocation, targets);
    const known = slots.get(map);
    if (known === undefined) slots.set(map, [slot]);
    else known.push(slot);
  }
  return maps.map((placed) => {
    const own = slots.get(placed);
    if (own === undefined) return placed.map;
    return { ...placed.map, slots: own.toSorted((a, b) => a.index - b.index) };
  });
}

interface SlotTargets {
  /** Of the section, in the order of offsets. */
  readonly maps: readonly PlacedMap[];
  readonly programs: ReadonlyMap<ElfSymbol, string>;
}

function readSlot(
  file: ObjectFile,
  section: ElfSection,
  relocation: ElfRelocation,
  { maps, programs }: SlotTargets,
): { readonly map: PlacedMap; readonly slot: MapSlot } {
  const { offset } = relocation;
  if (relocation.type !== R_BPF['64_ABS64']) {
    file.fail(section, offset, `relocation type ${relocation.type} has no meaning here`);
  }
  const map = lastBefore(maps, offset);
  if (map === undefined || offset + 8 > map.offset + map.size) {
    return file.fail(section, offset, 'an address is in no map');
  }
  const { name } = map.map;
  const distance = offset - map.offset - (map.valuesOffset ?? 0);
  if (map.valuesOffset === undefined || distance < 0 || distance % 8 !== 0) {
    return file.fail(section, offset, `map ${name} has no static value here`);
  }
  const index = distance / 8;
  const symbol = file.symbolOf(relocation, section);
  if (map.map.type === 'prog_array') {
    const program = programs.get(symbol);
    if (program !== undefined) return { map, slot: { index, target: { kind: 'program', name: program } } };
    return file.fail(section, offset, `'${file.nameOf(symbol)}' in map ${name} is no program`);
  }
  const value = Number(symbol.value);
  const inner = file.sectionOf(symbol) === section ? lastBefore(maps, value) : undefined;
  if (inner?.offset === value) return { map, slot: { index, target: { kind: 'map', name: inner.map.name } } };
  return file.fail(section, offset, `'${file.nameOf(symbol)}' in map ${name} is no map`);
}

/** The last that begins at or before an offset. */
function lastBefore(maps: readonly PlacedMap[], offset: number): PlacedMap | undefined {
  let low = 0;
  let high = maps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (maps[middle]!.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return maps[low - 1];
}
