/**
 * `struct_ops` maps: variables of the sections `.struct_ops` and `.struct_ops.link`, whose function pointers programs
 * implement (libbpf's `init_struct_ops_maps` and `bpf_object__collect_st_ops_relos`).
 */
import type { Btf } from '../../btf/btf.ts';
import { resolveType } from '../../btf/layout.ts';
import type { BtfDataSection, TypeId } from '../../btf/type.ts';
import { type MapDefinition, MapFlags, type MapSlot } from '../../maps.ts';
import type { ElfSection } from '../section.ts';
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
  return file.withRole('struct-ops').flatMap((section) => {
    const id = btf?.find(section.name, 'datasec');
    if (btf === undefined || id === undefined) {
      file.warn(section, 0, 'no type tells what operations it holds: it is left out');
      return [];
    }
    const { variables } = btf.type(id) as BtfDataSection;
    return variables.map((variable) => readVariable(file, section, btf, variable, functions));
  });
}

function readVariable(
  file: ObjectFile,
  section: ElfSection,
  btf: Btf,
  { type, offset, size }: BtfDataSection['variables'][number],
  functions: readonly ObjectFunction[],
): StructOpsMap {
  const variable = btf.type(type);
  if (variable.kind !== 'var') return file.fail(section, offset, `type ${type} is no variable`);
  if (offset + size > section.size) file.fail(section, offset, `${variable.name} ends outside the section`);
  const slots = readSlots(file, section, { btf, type: variable.type, offset, size }, functions);
  const isLink = section.name.startsWith('.struct_ops.link');
  const map: MapDefinition = {
    name: variable.name,
    type: 'struct_ops',
    keySize: 4,
    valueSize: size,
    maxEntries: 1,
    flags: isLink ? MapFlags.LINK : 0,
    btf: { key: 0, value: variable.type },
    ...(slots.length === 0 ? {} : { slots }),
  };
  return { map, data: file.elf.data(section).slice(offset, offset + size) };
}

interface Place {
  readonly btf: Btf;
  readonly type: TypeId;
  readonly offset: number;
  readonly size: number;
}

/** The index of a slot is that of the structure's member. */
function readSlots(
  file: ObjectFile,
  section: ElfSection,
  place: Place,
  functions: readonly ObjectFunction[],
): readonly MapSlot[] {
  const struct = resolveType(place.btf, place.type);
  const inside = file
    .relocationsOf(section)
    .filter(({ offset }) => offset >= place.offset && offset < place.offset + place.size);
  return inside.map((relocation) => {
    const { offset } = relocation;
    const bit = (offset - place.offset) * 8;
    const index = struct.kind === 'struct' ? struct.members.findIndex((one) => one.bitOffset === bit) : -1;
    const symbol = file.symbolOf(relocation, section);
    const program = functions.find((one) => one.symbol === symbol);
    if (index < 0 || program === undefined) {
      return file.fail(section, offset, `'${file.nameOf(symbol)}' is no program for a member`);
    }
    return { index, target: { kind: 'program', name: program.name } };
  });
}
