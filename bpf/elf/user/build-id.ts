/** Which build a binary is of (`NT_GNU_BUILD_ID`), and where its debugging information may be. */
import { FormatError } from '../../format-error.ts';
import { NT_GNU, PT, SHT } from '../constants.ts';
import type { ElfFile } from '../file.ts';
import type { ElfNote } from '../note.ts';

/** Longer ones are no hash of anything. */
const MAX_BUILD_ID = 64;
/** Sections and segments tell of the same notes. Damaged ones may do so any number of times. */
const PLACES_PER_BYTE = 4;

/** Hexadecimal; undefined when the file has none. */
export function readBuildId(elf: ElfFile): string | undefined {
  const places = [
    ...elf.sections.filter((one) => one.type === SHT.NOTE),
    ...elf.segments.filter((one) => one.type === PT.NOTE),
  ];
  let left = elf.source.size * PLACES_PER_BYTE;
  for (const place of places) {
    const size = 'fileSize' in place ? place.fileSize : place.size;
    if (size > elf.source.size) continue;
    left -= size;
    if (left < 0) return undefined;
    const note = notesOf(elf, place).find((one) => one.owner === 'GNU' && one.type === NT_GNU.BUILD_ID);
    if (note !== undefined && note.descriptor.length <= MAX_BUILD_ID) return hexadecimal(note.descriptor);
  }
  return undefined;
}

/** `/usr/lib/debug/.build-id/70/2d925e….debug` */
export function buildIdPath(buildId: string): string {
  return `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
}

/** A damaged note hides its fellows, not the file. */
function notesOf(elf: ElfFile, place: Parameters<ElfFile['notes']>[0]): readonly ElfNote[] {
  try {
    return elf.notes(place);
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
