/**
 * Reads a BPF object as libbpf's `bpf_object__open` does: programs, subprograms, maps, data, externs and types, with
 * symbolic references in place of relocations. What cannot be kept is told in a warning; what is wrong is an error.
 */
import type { Btf } from '../../btf/btf.ts';
import { FormatError } from '../../format-error.ts';
import type { MapDefinition } from '../../maps.ts';
import type { BpfFunction, BpfObject, BpfProgram, Extern } from '../../object.ts';
import { attachPointsOf } from '../../section-attach.ts';
import { parseSection } from '../../sections.ts';
import type { ElfSection } from '../section.ts';
import { readBtfMaps, withSlots } from './btf-maps.ts';
import { type DataMap, dataMap, readDataMaps } from './data-maps.ts';
import { readExtension } from './extension-info.ts';
import { kconfigSize, readExterns } from './externs.ts';
import { type CodeContext, readCode } from './function-code.ts';
import { findFunctions, type ObjectFunction } from './functions.ts';
import { readLegacyMaps } from './legacy-maps.ts';
import { ObjectFile } from './object-file.ts';
import { readTypes } from './object-types.ts';
import { ReferenceReader } from './references.ts';
import { readStructOps } from './struct-ops.ts';

export interface ReadObjectResult {
  readonly object: BpfObject;
  /** What was left out or is odd, each with section and byte offset. */
  readonly warnings: readonly string[];
  /** Contents of sections that are no part of a BPF object, by name. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
}

export interface ReadObjectOptions {
  /** The object is one of several to be linked: what it does not define may be another's. Default: an error. */
  readonly unlinked?: boolean;
}

/** `name`: the file, for messages. @throws FormatError */
export function readObject(
  bytes: Uint8Array,
  name: string,
  { unlinked = false }: ReadObjectOptions = {},
): ReadObjectResult {
  const file = new ObjectFile(bytes, name);
  const btf = readTypes(file);
  const functions = findFunctions(file);
  const externs = readExterns(file, btf, unlinked);
  const userMaps = [...readBtfMaps(file, btf), ...readLegacyMaps(file)];
  const dataMaps = readDataMaps(file, btf);
  const structOps = readStructOps(file, btf, functions);
  const references = new ReferenceReader(file, {
    functions,
    maps: userMaps,
    data: new Map(dataMaps.map(({ section, map }) => [section.index, map.name])),
    externs,
  });
  const info = readExtension(file, btf);
  const code = readFunctions({ file, references, info }, functions);
  const maps = [
    ...withSlots(file, userMaps, functions),
    ...dataMaps.map(({ map }) => map),
    ...kconfigMap(externs.values(), btf),
    ...structOps.map(({ map }) => map),
  ];
  checkNames(maps);
  const allExterns = [...externs.values(), ...references.found.values()];
  const kernelVersion = readVersion(file);
  const object: BpfObject = {
    name,
    endian: file.order,
    license: readLicense(file),
    ...code,
    maps,
    data: new Map([...dataOf(dataMaps), ...structOps.map(({ map, data }) => [map.name, data] as const)]),
    sources: info.sources,
    ...(btf === undefined ? {} : { btf }),
    ...(allExterns.length === 0 ? {} : { externs: allExterns }),
    ...(kernelVersion === undefined ? {} : { kernelVersion }),
  };
  return { object, warnings: file.warnings, sections: foreignSections(file) };
}

function readFunctions(
  context: CodeContext,
  functions: readonly ObjectFunction[],
): Pick<BpfObject, 'programs' | 'functions'> {
  const programs: BpfProgram[] = [];
  const subprograms: BpfFunction[] = [];
  const bySection = Map.groupBy(functions, ({ section }) => section);
  for (const section of context.file.withRole('code')) {
    const list = bySection.get(section) ?? [];
    const starts = unownedSlots(section, list);
    for (const one of list) {
      const made = readFunction(context, one, starts);
      if (one.isProgram) programs.push(readProgram(made, section.name));
      else subprograms.push(made);
    }
    context.references.check(section, starts);
    context.info.check(section, starts);
  }
  return { programs, functions: subprograms };
}

/** Slots of code of no function, as linkers leave it of a weak function that lost: what is told of it matters to nobody. */
function unownedSlots(section: ElfSection, functions: readonly ObjectFunction[]): Set<number> {
  const slots = new Set<number>();
  let end = 0;
  for (const { offset, size } of [...functions, { offset: section.size, size: 0 }]) {
    for (; end < offset; end += 8) slots.add(end);
    end = Math.max(end, offset + size);
  }
  return slots;
}

function readFunction(context: CodeContext, one: ObjectFunction, starts: Set<number>): BpfFunction {
  const btfId = context.info.typeOf(one.section, one.offset);
  return {
    name: one.name,
    instructions: readCode(context, one, starts),
    ...(btfId === undefined ? {} : { btfId }),
    linkage: one.linkage,
    ...(one.weak ? { weak: true } : {}),
  };
}

function readProgram(entry: BpfFunction, sectionName: string): BpfProgram {
  const isOptional = sectionName.startsWith('?');
  const section = isOptional ? sectionName.slice(1) : sectionName;
  const rule = parseSection(section)?.rule;
  return {
    ...entry,
    type: rule?.type ?? 'unspec',
    section,
    attach: attachPointsOf(section),
    ...(isOptional ? { autoload: false } : {}),
    ...(rule?.sleepable === true ? { sleepable: true } : {}),
  };
}

function kconfigMap(externs: Iterable<Extern>, btf: Btf | undefined): readonly MapDefinition[] {
  const size = kconfigSize(externs);
  return size === 0 ? [] : [dataMap('.kconfig', size, btf)];
}

function dataOf(maps: readonly DataMap[]): readonly (readonly [string, Uint8Array])[] {
  return maps.flatMap(({ map, data }) => (data === undefined ? [] : [[map.name, data] as const]));
}

function checkNames(maps: readonly MapDefinition[]): void {
  const names = new Set<string>();
  for (const { name } of maps) {
    if (names.has(name)) throw new FormatError('ELF', 0, `two maps have the name ${name}`);
    names.add(name);
  }
}

function readLicense(file: ObjectFile): string {
  const [section] = file.withRole('license');
  if (section === undefined) return '';
  const bytes = file.elf.data(section).subarray(0, MAX_LICENSE);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function readVersion(file: ObjectFile): number | undefined {
  const [section] = file.withRole('version');
  if (section === undefined) return undefined;
  if (section.size !== 4) file.fail(section, 0, `a version takes 4 bytes, not ${section.size}`);
  return file.elf.reader(section).u32('the version');
}

function foreignSections(file: ObjectFile): ReadonlyMap<string, Uint8Array> {
  return new Map(file.withRole('foreign').map((section) => [section.name, file.elf.data(section)]));
}

/** libbpf keeps 64 bytes with the NUL. */
const MAX_LICENSE = 63;
