/**
 * `struct_ops` maps: variables of the sections `.struct_ops` and `.struct_ops.link`, whose function pointers programs
 * implement (libbpf's `init_struct_ops_maps` and `bpf_object__collect_st_ops_relos`).
 */
import type { Btf } from '../../btf/btf.ts';
import { dataSectionOf } from '../../btf/data-section.ts';
import { resolveType } from '../../btf/layout.ts';
import type { BtfDataSection, TypeId } from '../../btf/type.ts';
import { type MapDefinition, MapFlags, type MapSlot } from '../../maps.ts';
import type { ElfRelocation } from '../elf-relocation.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import type { ObjectFunction } from './functions.ts';
import type { ObjectFile } from './object-file.ts';

export interface StructOpsMap {
  readonly map: MapDefinition;
  /** The structure as the file has it; function pointers are zero. */
  readonly data: Uint8Array;
}

/** @throws FormatError */
export function readStructOps(
  file: ObjectFile,
  btf: Btf | undefined,
  functions: readonly ObjectFunction[],
): readonly StructOpsMap[] {
  const programs = new Map(functions.map((one) => [one.symbol, one.name]));
  return file.withRole('struct-ops').flatMap((section) => {
    const types = btf && dataSectionOf(btf, section.name);
    if (btf === undefined || types === undefined) {
      file.warn(section, 0, 'no type tells what operations it holds: it is left out');
      return [];
    }
    return readSection(file, section, btf, types, programs);
  });
}

function readSection(
  file: ObjectFile,
  section: ElfSection,
  btf: Btf,
  types: BtfDataSection,
  programs: ReadonlyMap<ElfSymbol, string>,
): readonly StructOpsMap[] {
  const waiting = file.relocationsOf(section).toSorted((a, b) => b.offset - a.offset);
  const variables = types.variables.toSorted((a, b) => a.offset - b.offset);
  let end = 0;
  const maps = variables.map(({ type, offset, size }) => {
    const variable = btf.type(type);
    if (variable.kind !== 'var') return file.fail(section, offset, `type ${type} is no variable`);
    const { name } = variable;
    if (offset < end) file.fail(section, offset, `${name} begins inside what is before it`);
    end = offset + size;
    if (end > section.size) file.fail(section, offset, `${name} ends outside the section`);
    const inside: ElfRelocation[] = [];
    for (let next = waiting.at(-1); next !== undefined && next.offset < end; next = waiting.at(-1)) {
      inside.push(next);
      waiting.pop();
    }
    // Many variables of one large type must not take long.
    const indexes = inside.length === 0 ? NONE : memberIndexes(btf, variable.type, offset);
    const slots = inside.map((relocation): MapSlot => {
      const index = indexes.get(relocation.offset);
      const symbol = file.symbolOf(relocation, section);
      const program = programs.get(symbol);
      if (index !== undefined && program !== undefined) {
        return { index, target: { kind: 'program', name: program } };
      }
      return file.fail(section, relocation.offset, `'${file.nameOf(symbol)}' is no program for a member`);
    });
    return {
      map: makeMap(section, name, size, variable.type, slots),
      data: file.elf.data(section).slice(offset, end),
    };
  });
  const [left] = waiting;
  if (left !== undefined) file.fail(section, left.offset, 'a relocation is in no structure');
  return maps;
}

/** Index of each member by its offset in the section. */
function memberIndexes(btf: Btf, id: TypeId, offset: number): ReadonlyMap<number, number> {
  const struct = resolveType(btf, id);
  if (struct.kind !== 'struct') return NONE;
  return new Map(struct.members.map(({ bitOffset }, index) => [offset + bitOffset / 8, index]));
}

function makeMap(
  section: ElfSection,
  name: string,
  size: number,
  type: TypeId,
  slots: readonly MapSlot[],
): MapDefinition {
  const isLink = section.name.startsWith('.struct_ops.link');
  return {
    name,
    type: 'struct_ops',
    keySize: 4,
    valueSize: size,
    maxEntries: 1,
    flags: isLink ? MapFlags.LINK : 0,
    btf: { key: 0, value: type },
    ...(slots.length === 0 ? {} : { slots }),
  };
}

const NONE: ReadonlyMap<number, number> = new Map<number, number>();
