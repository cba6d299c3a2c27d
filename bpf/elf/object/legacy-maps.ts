/**
 * The section `maps` of before libbpf 1.0: one `struct bpf_map_def` a symbol, all of one size, which may be shorter or
 * longer than the five fields the structure has had since 2017.
 */
import { ByteReader } from '../../byte-reader.ts';
import { type MapDefinition, mapTypeById } from '../../maps.ts';
import type { ElfSection } from '../section.ts';
import type { ObjectFile } from './object-file.ts';
import type { PlacedMap } from './placed-map.ts';

const FIELDS = 5;

/** In the order of offsets. @throws FormatError */
export function readLegacyMaps(file: ObjectFile): readonly PlacedMap[] {
  const [section] = file.withRole('legacy-maps');
  if (section === undefined) return [];
  const symbols = file.symbols
    .filter((one) => file.sectionOf(one) === section && one.name !== '')
    .toSorted((a, b) => Number(a.value - b.value));
  if (symbols.length === 0) return [];
  const size = section.size / symbols.length;
  if (!Number.isInteger(size) || size < 16) {
    file.fail(section, 0, `${section.size} bytes are no whole definitions of ${symbols.length} maps`);
  }
  return symbols.map(({ name, value }) => {
    const offset = Number(value);
    if (offset + size > section.size) file.fail(section, 0, `map ${name} at ${value} is outside the section`);
    return { section, offset, size, map: readDefinition(file, section, name, offset, size) };
  });
}

function readDefinition(
  file: ObjectFile,
  section: ElfSection,
  name: string,
  offset: number,
  size: number,
): MapDefinition {
  const bytes = file.elf.data(section).subarray(offset, offset + size);
  const reader = new ByteReader(bytes, file.order === 'little', 'ELF', section.offset + offset);
  const [typeId, keySize, valueSize, maxEntries, flags] = Array.from({ length: FIELDS }, (_, index) =>
    index * 4 + 4 <= size ? reader.u32(`a field of map ${name}`) : 0,
  ) as [number, number, number, number, number];
  const type = mapTypeById(typeId);
  if (type === undefined) return file.fail(section, offset, `map ${name} has the unknown type ${typeId}`);
  if (bytes.subarray(FIELDS * 4).some((byte) => byte !== 0)) {
    file.warn(section, offset + FIELDS * 4, `map ${name} sets fields that are unknown`);
  }
  return { name, type: type.name, keySize, valueSize, maxEntries, flags };
}
