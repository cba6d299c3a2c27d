/**
 * Data sections as maps of one value (libbpf's `bpf_object__init_internal_map`): `.rodata` is read-only to programs,
 * whatever has a global variable can be mapped by user space.
 */
import type { Btf } from '../../btf/btf.ts';
import { type MapDefinition, MapFlags } from '../../maps.ts';
import { SHT } from '../constants.ts';
import type { ElfSection } from '../section.ts';
import type { ObjectFile } from './object-file.ts';

export interface DataMap {
  readonly section: ElfSection;
  readonly map: MapDefinition;
  /** Undefined for `.bss`: zeros. */
  readonly data: Uint8Array | undefined;
}

/** In the order of sections. @throws FormatError */
export function readDataMaps(file: ObjectFile, btf: Btf | undefined): readonly DataMap[] {
  const names = new Set<string>();
  return file.withRole('data').map((section) => {
    if (names.has(section.name)) file.fail(section, 0, 'there are two sections of this name');
    names.add(section.name);
    if (section.size > MAX_VALUE) file.fail(section, 0, `${section.size} bytes do not fit a map's value`);
    if (file.relocationsOf(section).length > 0) {
      const { offset } = file.relocationsOf(section)[0]!;
      file.warn(section, offset, 'holds an address, which libbpf leaves as it stands in the file');
    }
    const data = section.type === SHT.NOBITS ? undefined : file.elf.data(section);
    return { section, map: dataMap(section.name, section.size, btf), data };
  });
}

/** The map of a data section, or of `.kconfig`. */
export function dataMap(name: string, size: number, btf: Btf | undefined): MapDefinition {
  const type = btf?.find(name, 'datasec') ?? 0;
  const readOnly = name.startsWith('.rodata') || name === '.kconfig' ? MapFlags.RDONLY_PROG : 0;
  const mapable = btf !== undefined && hasGlobal(btf, type) ? MapFlags.MMAPABLE : 0;
  return {
    name,
    type: 'array',
    keySize: 4,
    valueSize: size,
    maxEntries: 1,
    flags: readOnly | mapable,
    ...(type === 0 ? {} : { btf: { key: 0, value: type } }),
  };
}

/**
 * The name libbpf gives the kernel's map: a section with one dot is prefixed with the object's name, and all of it cut
 * to 15 characters (`internal_map_name`).
 */
export function kernelMapName(objectName: string, section: string): string {
  const suffix = section.slice(0, Math.min(MAX_NAME, Math.max(7, section.length)));
  const isCustom = section.includes('.', 1);
  const prefix = isCustom ? '' : objectName.slice(0, Math.max(0, MAX_NAME - Math.max(7, suffix.length)));
  return `${prefix}${suffix}`.replaceAll(/[^\w.]/g, '_');
}

/** `BPF_OBJ_NAME_LEN` without its NUL. */
const MAX_NAME = 15;
const MAX_VALUE = 0x7fff_ffff;

/** libbpf's `map_is_mmapable`. */
function hasGlobal(btf: Btf, id: number): boolean {
  const section = btf.type(id);
  if (section.kind !== 'datasec') return false;
  return section.variables.some(({ type }) => {
    const variable = btf.type(type);
    return variable.kind === 'var' && variable.linkage !== 'static';
  });
}
