/**
 * What the DWARF reader needs of the file that holds it: its debug sections, unpacked, as sources. Sections are read a
 * unit or a table at a time, never as a whole.
 */
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { DwarfCursor } from './cursor.ts';

export type DwarfSectionName =
  | '.debug_info'
  | '.debug_types'
  | '.debug_abbrev'
  | '.debug_str'
  | '.debug_line'
  | '.debug_line_str'
  | '.debug_str_offsets'
  | '.debug_addr'
  | '.debug_ranges'
  | '.debug_rnglists';

export interface DwarfSections {
  readonly littleEndian: boolean;
  /** Undefined when the file has none. @throws FormatError when it is packed and cannot be unpacked */
  section(name: DwarfSectionName): ByteSource | undefined;
}

/** A cursor over `length` bytes of a section; offsets in errors are the section's. @throws FormatError when it is shorter */
export function cursorAt(
  sections: DwarfSections,
  name: DwarfSectionName,
  offset: number,
  length: number,
  what: string,
): DwarfCursor {
  const source = sections.section(name);
  if (source === undefined) throw new FormatError(name, offset, `${what}: there is no such section`);
  if (!(offset >= 0 && length >= 0 && offset <= source.size && length <= source.size - offset)) {
    throw new FormatError(name, offset, `${what} is beyond the end of the section (${source.size} bytes)`);
  }
  const bytes = source.read(offset, length);
  return new DwarfCursor(bytes, sections.littleEndian, name, offset);
}

/** As {@link cursorAt}, of as many of `limit` bytes as there are. */
export function cursorUpTo(
  sections: DwarfSections,
  name: DwarfSectionName,
  offset: number,
  limit: number,
  what: string,
): DwarfCursor {
  const size = sections.section(name)?.size ?? 0;
  return cursorAt(sections, name, offset, Math.max(0, Math.min(limit, size - offset)), what);
}
