/** An object file, described: the file's own names, and what its script section says beside them. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { typeName } from '../../bpf/btf/type-name.ts';
import { R_BPF, SHT, STT } from '../../bpf/elf/constants.ts';
import type { ElfRelocation } from '../../bpf/elf/elf-relocation.ts';
import { findFunctions } from '../../bpf/elf/object/functions.ts';
import { ObjectFile } from '../../bpf/elf/object/object-file.ts';
import type { ElfSection } from '../../bpf/elf/section.ts';
import { KCONFIG } from '../../bpf/elf/write/data-sections.ts';
import { type MapDefinition, MapFlags, type MapSpec } from '../../bpf/maps.ts';
import type { BpfObject, Extern } from '../../bpf/object.ts';
import type { ScriptData } from '../../compiler/object/script-data.ts';
import { typeName as scriptTypeName } from '../../compiler/types/name.ts';
import { pointText } from './attach-text.ts';
import { describeFunction, describeProgram, type RelocationsOf } from './describe-function.ts';
import type {
  BtfDescription,
  DataDescription,
  ExternDescription,
  MapDescription,
  ObjectDescription,
  RelocationDescription,
  ScriptDescription,
  SectionDescription,
} from './description.ts';

export function describeObject(
  bytes: Uint8Array,
  object: BpfObject,
  script: ScriptData | undefined,
): ObjectDescription {
  const file = new ObjectFile(bytes, object.name);
  const { elf, symbols } = file;
  const relocations = relocationsOf(file);
  const { btf, kernelVersion } = object;
  return {
    file: object.name,
    class: elf.header.is64 ? 64 : 32,
    endian: object.endian,
    license: object.license,
    ...(kernelVersion !== undefined && { kernelVersion }),
    sections: elf.sections.map(({ index, name, type, size }): SectionDescription => {
      return { index, name, type: nameOf(SHT, type), size };
    }),
    symbols: symbols.length,
    programs: object.programs.map((program) => describeProgram(program, object, relocations)),
    functions: object.functions.map((one) => describeFunction(one, object, relocations)),
    maps: object.maps.filter(({ name }) => !name.startsWith('.')).map((map) => describeMap(map, btf)),
    // Configuration values are externs: the file has no place for them.
    data: object.maps
      .filter(({ name }) => name.startsWith('.') && name !== KCONFIG)
      .map((map) => describeData(map, btf)),
    externs: (object.externs ?? []).map((one) => describeExtern(one, btf)),
    ...(btf !== undefined && { btf: describeBtf(btf) }),
    ...(script !== undefined && { script: describeScript(script) }),
  };
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(names).find(([, one]) => one === value)?.[0] ?? `0x${value.toString(16)}`;
}

/** Relocations inside each function, by the function's name in the object. */
function relocationsOf(file: ObjectFile): RelocationsOf {
  const inSection = new Map<ElfSection, ReadonlyMap<number, readonly ElfRelocation[]>>();
  const byOffset = (section: ElfSection): ReadonlyMap<number, readonly ElfRelocation[]> => {
    const known = inSection.get(section);
    if (known !== undefined) return known;
    const grouped = Map.groupBy(file.relocationsOf(section), ({ offset }) => offset);
    inSection.set(section, grouped);
    return grouped;
  };
  const byName = new Map<string, readonly RelocationDescription[]>();
  for (const { name, section, offset, size } of findFunctions(file)) {
    const described: RelocationDescription[] = [];
    for (let slot = 0; slot < size / 8; slot++) {
      for (const { type, symbol } of byOffset(section).get(offset + slot * 8) ?? []) {
        described.push({ slot, type: `R_BPF_${nameOf(R_BPF, type)}`, symbol: symbolText(file, symbol) });
      }
    }
    byName.set(name, described);
  }
  return (name) => byName.get(name) ?? [];
}

function symbolText({ elf, symbols }: ObjectFile, index: number): string {
  const symbol = symbols[index];
  const text = symbol?.type === STT.SECTION ? elf.sections[symbol.section]?.name : symbol?.name;
  return text ?? `#${index}`;
}

function describeMap({ name, slots, pinning, ...spec }: MapDefinition, btf: Btf | undefined): MapDescription {
  return {
    name,
    ...describeSpec(spec, btf),
    ...(pinning !== undefined && { pinning }),
    ...(slots !== undefined && { slots: slots.map(({ index, target }) => ({ index, target: target.name })) }),
  };
}

function describeSpec(spec: MapSpec, btf: Btf | undefined): Omit<MapDescription, 'name'> {
  const { type, keySize, valueSize, maxEntries, flags, inner, numaNode, mapExtra } = spec;
  const nameOfType = (id: number | undefined): string | undefined =>
    btf === undefined || id === undefined || id === 0 ? undefined : typeName(btf, id);
  const [key, value] = [nameOfType(spec.btf?.key), nameOfType(spec.btf?.value)];
  return {
    type,
    keySize,
    valueSize,
    maxEntries,
    flags: flagNames(flags),
    ...(key !== undefined && { key }),
    ...(value !== undefined && { value }),
    ...(numaNode !== undefined && { numaNode }),
    ...(mapExtra !== undefined && { mapExtra: mapExtra.toString() }),
    ...(inner !== undefined && { inner: describeSpec(inner, btf) }),
  };
}

function flagNames(flags: number): readonly string[] {
  const known = Object.entries(MapFlags).filter(([, bit]) => (flags & bit) !== 0);
  const rest = known.reduce((left, [, bit]) => left & ~bit, flags) >>> 0;
  return [...known.map(([name]) => name), ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])];
}

function describeData({ name, valueSize }: MapDefinition, btf: Btf | undefined): DataDescription {
  const id = btf?.find(name, 'datasec');
  const section = id === undefined ? undefined : btf!.type(id);
  const variables = section?.kind === 'datasec' ? section.variables : [];
  return {
    name,
    size: valueSize,
    variables: variables.map(({ type, offset, size }) => {
      const variable = btf!.type(type);
      const declaration =
        variable.kind === 'var' ? typeName(btf!, variable.type, variable.name) : btf!.nameOf(type);
      return { declaration, offset, size };
    }),
  };
}

function describeExtern(one: Extern, btf: Btf | undefined): ExternDescription {
  const { name, kind, weak, type } = one;
  const named = btf === undefined || type === undefined ? undefined : externType(btf, type);
  return { name, kind, weak, ...(named !== undefined && { type: named }) };
}

function externType(btf: Btf, id: number): string {
  const type = btf.type(id);
  return type.kind === 'func' ? typeName(btf, type.type, type.name) : typeName(btf, id);
}

function describeBtf(btf: Btf): BtfDescription {
  const kinds: Record<string, number> = {};
  for (let id = btf.firstId; id < btf.end; id++) {
    const kind = btf.kindOf(id);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return { types: btf.end - btf.firstId, kinds };
}

function describeScript(script: ScriptData): ScriptDescription {
  const actions: Record<string, number> = {};
  for (const { kind } of script.info.actions) actions[kind] = (actions[kind] ?? 0) + 1;
  return {
    name: script.name,
    target: script.target,
    probes: script.programs.map(({ symbol, attach }) => ({ program: symbol, points: attach.map(pointText) })),
    maps: script.info.maps.map(({ name, key, value }) => ({
      name,
      ...(key !== undefined && { key: scriptTypeName(key) }),
      value: scriptTypeName(value),
    })),
    actions,
    fields: script.programs.flatMap(({ symbol, fields }) =>
      fields.map(({ name, offset, size }) => ({ program: symbol, name, offset, size })),
    ),
    needs: needsOf(script),
    sources: script.sources.map(({ name }) => name),
  };
}

/** Each once: a script may need the same at many places. */
function needsOf({ needs }: ScriptData): ScriptDescription['needs'] {
  const byText = new Map(needs.map(({ kind, what }) => [`${kind} ${what}`, { kind, what }]));
  return [...byText.values()];
}
