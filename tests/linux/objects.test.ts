/** The corpus of objects, compiled here: what we read is what libbpf, llvm-readelf and llvm-objdump see. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Btf } from '../../bpf/btf/btf.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { readBtfExt } from '../../bpf/btf/read-ext.ts';
import { openElf } from '../../bpf/elf/file.ts';
import { elf as elfNumbers } from '../../bpf/elf/index.ts';
import { kernelMapName, type ReadObjectResult, readObject } from '../../bpf/elf/object/index.ts';
import type { ElfSymbol } from '../../bpf/elf/symbol.ts';
import { LineTable } from '../../bpf/elf/write/line-table.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import { slotIndexes } from '../../bpf/fields.ts';
import type { Reference } from '../../bpf/instruction.ts';
import { type MapDefinition, mapType } from '../../bpf/maps.ts';
import type { BpfFunction, BpfObject } from '../../bpf/object.ts';
import { programType } from '../../bpf/programs.ts';
import { buildCorpus, type CorpusObject, corpus, corpusReason, LINKED } from '../objects/corpus.ts';
import { buildLibbpfView, type LibbpfMap, type LibbpfObject, libbpfView } from './libbpf-view.ts';
import { type LlvmElf, type LlvmRelocation, objdump, readelf } from './llvm-elf.ts';

const reason = corpusReason();
if (reason !== undefined) console.log(`skipped, ${reason}: the corpus of objects`);

const OBJECTS: readonly (Pick<CorpusObject, 'name' | 'refused'> & { readonly flags?: readonly string[] })[] =
  [...corpus(), { name: LINKED.name }];
/** Maps of BTF without BTF, and one half of two. */
const READABLE = OBJECTS.filter(({ refused }) => refused !== 'no types' && refused !== 'other file');
const OPENED = OBJECTS.filter(({ refused }) => refused === undefined);

describe.skipIf(reason !== undefined)('objects of clang', () => {
  let folder: string;
  let paths: ReadonlyMap<string, string>;
  let views: ReadonlyMap<string, LibbpfObject>;
  const results = new Map<string, ReadObjectResult>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'objects-'));
    paths = await buildCorpus(folder);
    views = libbpfView(buildLibbpfView(folder), [...paths.values()]);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(paths.get(name)!));
  const read = (name: string): ReadObjectResult => {
    const known = results.get(name) ?? readObject(bytesOf(name), name);
    results.set(name, known);
    return known;
  };

  test('there are more than forty sources, each compiled', () => {
    expect(new Set(corpus().map(({ source }) => source)).size).toBeGreaterThan(40);
    expect(views.size).toBe(OBJECTS.length);
  });

  test('libbpf refuses those that are said to be refused', () => {
    for (const { name, refused } of OBJECTS) {
      expect(views.get(name)!.refused, name).toBe(refused !== undefined);
    }
  });

  test.each(OPENED)('$name: programs, maps, types and externs as libbpf has them', ({ name }) => {
    const { object } = read(name);
    const view = views.get(name)!;
    const slots = ({ instructions }: BpfFunction): number => slotIndexes(instructions).at(-1)!;
    const entries = object.programs.map((program) => ({
      name: program.name,
      section: program.section,
      type: program.type === 'unspec' ? 0 : programType(program.type).id,
      slots: slots(program),
      autoload: program.autoload !== false,
    }));
    const isEntry = ({ section }: { readonly section: string }): boolean => section !== '.text';
    expect(entries).toEqual(view.programs.filter(isEntry));
    expect(object.maps.map((map) => libbpfMap(object, map))).toEqual(view.maps);
    const configs = (object.externs ?? []).flatMap((one) =>
      one.kind === 'kconfig' ? [[one.name, one.offset]] : [],
    );
    expect(Object.fromEntries(configs)).toEqual(Object.fromEntries(view.configs));
    expect(typeSections(object)).toEqual(view.sections);
    const isOwn = (one: { readonly name: string }): boolean =>
      !(object.externs ?? []).some((extern) => extern.name === one.name);
    // libbpf makes hidden functions static when it loads them.
    const hidden = new Set(
      readelf(paths.get(name)!)
        .symbols.filter(({ visibility }) => visibility === 'HIDDEN')
        .map((one) => one.name),
    );
    expect(functionTypes(object)).toEqual(
      view.functions
        .filter(isOwn)
        .map((one) => ({ ...one, linkage: hidden.has(one.name) ? 0 : one.linkage })),
    );
  });

  test.each(READABLE)('$name: instructions as llvm-objdump has their bytes', ({ name }) => {
    const { object } = read(name);
    const expected = objdump(paths.get(name)!);
    for (const [section, functions] of bySection(object)) {
      const { bytes, referring } = encodeAll(functions, object.endian);
      const theirs = expected.get(section)!;
      // What is referred to is a hole in ours: kind, immediate and the second half of a wide load.
      for (const slot of referring) {
        const registers = slot * 8 + 1;
        const kept = object.endian === 'little' ? 0x0f : 0xf0;
        bytes[registers] = (bytes[registers]! & kept) | (theirs[registers]! & ~kept);
        bytes.set(theirs.subarray(slot * 8 + 4, slot * 8 + 8), slot * 8 + 4);
      }
      expect(Buffer.compare(bytes, theirs), section).toBe(0);
    }
  });

  test.each(READABLE)('$name: relocations as references', ({ name }) => {
    const { object } = read(name);
    const facts = readelf(paths.get(name)!);
    const raw = objdump(paths.get(name)!);
    for (const [section, functions] of bySection(object)) {
      const references = referencesOf(functions);
      const relocated = facts.relocations.filter((one) => one.section === section);
      for (const one of relocated) {
        const view = new DataView(raw.get(section)!.buffer);
        const imm = view.getInt32(one.offset + 4, object.endian === 'little');
        expect(references.get(one.offset), `${section}+${one.offset}`).toEqual(
          expectedReference(object, facts, one, imm),
        );
        references.delete(one.offset);
      }
      // Calls inside .text need no relocation.
      const left = [...references.values()].filter((ref) => section !== '.text' || ref.kind !== 'function');
      expect(left).toEqual([]);
    }
  });

  test.each(READABLE)('$name: source lines and CO-RE relocations as .BTF.ext has them', ({ name }) => {
    const { object } = read(name);
    const elf = openElf(bytesOf(name));
    const section = elf.section('.BTF.ext');
    const ext =
      section === undefined
        ? undefined
        : readBtfExt(elf.data(section), readBtf(elf.data(elf.section('.BTF')!)));
    const tables = object.sources.map((source) => new LineTable(source));
    const lines: string[] = [];
    const cores: string[] = [];
    for (const [place, functions] of bySection(object)) {
      let start = 0;
      for (const { instructions } of functions) {
        const slots = slotIndexes(instructions);
        let last = '';
        for (const [index, { span, core }] of instructions.entries()) {
          const offset = (start + slots[index]!) * 8;
          if (core !== undefined) cores.push(`${place}+${offset} ${core.kind} ${core.type} ${core.access}`);
          if (span === undefined) continue;
          const { file, line, column, text } = tables[span.source]!.at(span);
          const found = `${file}:${line}:${column}: ${text}`;
          if (found !== last) lines.push(`${place}+${offset} ${found}`);
          last = found;
        }
        start += slots.at(-1)!;
      }
    }
    // A line goes on until another begins: clang repeats some.
    const begins = new Set(
      (ext?.functions ?? []).flatMap((one) => one.records.map(({ offset }) => `${one.section}+${offset}`)),
    );
    const theirLines = (ext?.lines ?? []).flatMap((one) => {
      let last = '';
      return one.records.flatMap(({ offset, file, line, column, text }) => {
        const place = `${one.section}+${offset}`;
        const found = `${file}:${line}:${column}: ${text.padEnd(column - 1)}`;
        const isRepeated = found === last && !begins.has(place);
        last = found;
        return isRepeated ? [] : [`${place} ${found}`];
      });
    });
    const theirCores = (ext?.relocations ?? []).flatMap((one) =>
      one.records.map(
        ({ offset, kind, type, access }) => `${one.section}+${offset} ${kind} ${type} ${access}`,
      ),
    );
    expect(lines.sort()).toEqual(theirLines.sort());
    expect(cores.sort()).toEqual(theirCores.sort());
  });

  test.each(OBJECTS)('$name: sections, symbols and relocations as llvm-readelf lists them', ({ name }) => {
    const elf = openElf(bytesOf(name));
    const facts = readelf(paths.get(name)!);
    expect(
      elf.sections.map((one) => ({
        name: one.name,
        offset: one.offset,
        size: one.size,
        link: one.link,
        info: one.info,
      })),
    ).toEqual(facts.sections);
    const nameOf = (symbol: ElfSymbol): string =>
      symbol.type === elfNumbers.STT.SECTION ? elf.sections[symbol.section]!.name : symbol.name;
    expect(
      elf.symbols(elf.section('.symtab')!).map((one) => [nameOf(one), one.value, one.size, one.section]),
    ).toEqual(
      facts.symbols.map((one) => [
        one.name,
        one.value,
        one.size,
        SPECIAL[one.section] ?? Number(one.section),
      ]),
    );
    const ours = elf.sections
      .filter(({ type }) => type === elfNumbers.SHT.REL)
      .flatMap((table) =>
        elf.relocations(table).map(({ offset, type, symbol }) => ({
          section: elf.sections[table.info]!.name,
          offset,
          symbol,
          type: RELOCATION_NAMES.get(type),
        })),
      );
    expect(ours).toEqual(facts.relocations);
  });

  test('what is wrong is told with section and offset', () => {
    expect(() => read('callbacks.plain.o')).toThrow(/section \.maps\+0: maps are defined by BTF/);
    expect(() => read('link-main.o')).toThrow('symbol add is of another object: bpfkit link them first');
    expect(read('addresses.o').warnings).toEqual([
      '.data+0: holds an address, which libbpf leaves as it stands in the file',
    ]);
  });
});

const SPECIAL: Readonly<Record<string, number>> = { UND: 0, ABS: 0xfff1 };
const RELOCATION_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(elfNumbers.R_BPF).map(([name, number]) => [number, `R_BPF_${name}`]),
);

function libbpfMap(object: BpfObject, map: MapDefinition): LibbpfMap {
  const isData = map.name.startsWith('.');
  const { inner } = map;
  return {
    // Tests name objects by their files; libbpf by what is before the first dot.
    name:
      isData && !map.name.includes('.', 1) ? kernelMapName(object.name.split('.')[0]!, map.name) : map.name,
    type: mapType(map.type).id,
    keySize: map.keySize,
    valueSize: map.valueSize,
    maxEntries: map.maxEntries,
    flags: map.flags,
    key: map.btf?.key ?? 0,
    // libbpf takes that of a struct_ops map from the kernel, when it loads.
    value: map.type === 'struct_ops' ? 0 : (map.btf?.value ?? 0),
    mapExtra: map.mapExtra ?? 0n,
    numaNode: map.numaNode ?? 0,
    pinned: map.pinning !== undefined,
    ...(inner === undefined
      ? {}
      : {
          inner: [mapType(inner.type).id, inner.keySize, inner.valueSize, inner.maxEntries, inner.flags],
        }),
  };
}

/** Of all data sections but those of externs, as `libbpf-view.ts` reads them. */
function typeSections({ btf }: BpfObject): readonly string[] {
  if (btf === undefined) return [];
  return ids(btf).flatMap((id) => {
    const type = btf.type(id);
    if (type.kind !== 'datasec' || type.name === '.kconfig' || type.name === '.ksyms') return [];
    const variables = type.variables.map(({ type: variable, offset, size }) => {
      const one = btf.type(variable);
      const linkage = one.kind === 'var' ? ['static', 'global', 'extern'].indexOf(one.linkage) : 0;
      return ` ${btf.nameOf(variable)} ${offset} ${size} ${linkage}`;
    });
    return [`${type.name} ${type.size}${variables.join('')}`];
  });
}

function functionTypes({ btf }: BpfObject): readonly { readonly name: string; readonly linkage: number }[] {
  if (btf === undefined) return [];
  return ids(btf).flatMap((id) => {
    const type = btf.type(id);
    if (type.kind !== 'func' || type.linkage === 'extern') return [];
    return [{ name: type.name, linkage: type.linkage === 'global' ? 1 : 0 }];
  });
}

function ids(btf: Btf): readonly number[] {
  return Array.from({ length: btf.end - btf.firstId }, (_, index) => btf.firstId + index);
}

/** Functions of each code section in the order of their bytes. */
function bySection(object: BpfObject): ReadonlyMap<string, readonly BpfFunction[]> {
  const found = new Map<string, BpfFunction[]>();
  const add = (section: string, one: BpfFunction): void => {
    found.set(section, [...(found.get(section) ?? []), one]);
  };
  for (const one of object.programs) add(one.autoload === false ? `?${one.section}` : one.section, one);
  for (const one of object.functions) add('.text', one);
  return found;
}

function encodeAll(
  functions: readonly BpfFunction[],
  order: BpfObject['endian'],
): { readonly bytes: Uint8Array; readonly referring: readonly number[] } {
  const parts: Uint8Array[] = [];
  const referring: number[] = [];
  let start = 0;
  for (const { instructions } of functions) {
    const { bytes, holes, problems } = encodeInstructions(instructions, { order });
    expect(problems).toEqual([]);
    parts.push(bytes);
    referring.push(...holes.map(({ slot }) => start + slot));
    start += bytes.length / 8;
  }
  return { bytes: new Uint8Array(Buffer.concat(parts)), referring };
}

/** By the byte offset in their section. */
function referencesOf(functions: readonly BpfFunction[]): Map<number, Reference> {
  const found = new Map<number, Reference>();
  let start = 0;
  for (const { instructions } of functions) {
    const slots = slotIndexes(instructions);
    for (const [index, { ref }] of instructions.entries()) {
      if (ref !== undefined) found.set((start + slots[index]!) * 8, ref);
    }
    start += slots.at(-1)!;
  }
  return found;
}

/** What a relocation means, from the listing of llvm-readelf. */
function expectedReference(
  object: BpfObject,
  facts: LlvmElf,
  relocation: LlvmRelocation,
  imm: number,
): Reference {
  const symbol = facts.symbols[relocation.symbol]!;
  const isCall = relocation.type === 'R_BPF_64_32';
  const { name } = symbol;
  if (symbol.section === 'UND') {
    const config = object.externs?.find((one) => one.kind === 'kconfig' && one.name === name);
    if (config?.kind === 'kconfig') return { kind: 'map-value', name: '.kconfig', offset: config.offset };
    return { kind: isCall ? 'kfunc' : 'ksym', name };
  }
  const section = facts.sections[Number(symbol.section)]!.name;
  if (section === '.maps' || section === 'maps') return { kind: 'map', name };
  const value = Number(symbol.value);
  if (section !== '.text') return { kind: 'map-value', name: section, offset: value + imm };
  const at = BigInt(isCall ? value + (imm + 1) * 8 : value + imm);
  const target = facts.symbols.find(
    (one) => one.type === 'FUNC' && one.section === symbol.section && one.value === at,
  )!;
  // Of two static functions of one name the later one is renamed.
  const same = facts.symbols.filter((one) => one.type === 'FUNC' && one.name === target.name);
  const nth = same.indexOf(target);
  return { kind: 'function', name: nth === 0 ? target.name : `${target.name}.${nth}` };
}
