/**
 * The file table of a line program's header (DWARF 5, section 6.2.4; before it: section 6.2.4 of DWARF 4), to name the
 * files that declarations are in. The program itself is not read.
 */
import { FORM } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import { cursorAt, cursorUpTo } from './sections.ts';
import { skipForm } from './skip.ts';
import { initialLength } from './unit.ts';
import type { UnitReader } from './unit-reader.ts';

/** Files by the number that `DW_AT_decl_file` uses. */
export type FileTable = readonly (string | undefined)[];

const MAX_FILES = 1 << 16;
const DW_LNCT_PATH = 1;
const DW_LNCT_DIRECTORY = 2;

interface FileEntry {
  readonly name: string;
  readonly directory: number;
}

/** @throws FormatError */
export function readFileTable(unit: UnitReader, offset: number): FileTable {
  const start = cursorUpTo(unit.sections, '.debug_line', offset, 12, 'a line program');
  const { length, offset: offsetSize } = initialLength(start);
  const cursor = cursorAt(unit.sections, '.debug_line', offset + start.position, length, 'a line program');
  const version = cursor.u16('the version of a line program');
  if (version < 2 || version > 5) cursor.fail(`version ${version} of a line program is not known`, 0);
  // Address and segment selector size.
  if (version === 5) cursor.skip(2, 'sizes');
  cursor.offset(offsetSize, 'the length of the header');
  // Shortest instruction, (from version 4: operations), default, base, range.
  cursor.skip(version >= 4 ? 5 : 4, 'the header of a line program');
  const operations = cursor.u8('the number of operations');
  cursor.skip(Math.max(0, operations - 1), 'the lengths of operations');
  return version === 5 ? filesV5(cursor, unit, offsetSize) : filesV4(cursor);
}

/** Directory 0 is where the compiler ran; names are relative to it, and so are kept. File numbers begin at 1. */
function filesV4(cursor: DwarfCursor): FileTable {
  const directories = [''];
  for (let name = cursor.inlineText('a directory'); name !== ''; name = cursor.inlineText('a directory')) {
    directories.push(name);
  }
  const files: (string | undefined)[] = [undefined];
  for (let name = cursor.inlineText('a file'); name !== ''; name = cursor.inlineText('a file')) {
    files.push(joined(directories, { name, directory: cursor.uleb('a directory') }));
    cursor.skipLeb('a time');
    cursor.skipLeb('a size');
  }
  return files;
}

function filesV5(cursor: DwarfCursor, unit: UnitReader, offsetSize: 4 | 8): FileTable {
  const directories = entriesV5(cursor, unit, offsetSize).map((entry) => entry.name);
  // The first is where the compiler ran.
  const relative = ['', ...directories.slice(1)];
  return entriesV5(cursor, unit, offsetSize).map((entry) => joined(relative, entry));
}

function joined(directories: readonly string[], entry: FileEntry): string {
  const directory = directories[entry.directory] ?? '';
  return directory === '' || entry.name.startsWith('/') ? entry.name : `${directory}/${entry.name}`;
}

function entriesV5(cursor: DwarfCursor, unit: UnitReader, offsetSize: 4 | 8): FileEntry[] {
  const formats: { readonly content: number; readonly form: number }[] = [];
  const formatCount = cursor.u8('the number of formats');
  for (let index = 0; index < formatCount; index++) {
    formats.push({ content: cursor.uleb('a content type'), form: cursor.uleb('a form') });
  }
  const count = cursor.uleb('the number of files');
  if (count > MAX_FILES) cursor.fail(`${count} files`);
  const entries: FileEntry[] = [];
  for (let index = 0; index < count; index++) {
    let entry: FileEntry = { name: '', directory: 0 };
    for (const { content, form } of formats) {
      if (content === DW_LNCT_PATH) entry = { ...entry, name: pathOf(cursor, unit, form, offsetSize) };
      else if (content === DW_LNCT_DIRECTORY) entry = { ...entry, directory: directoryOf(cursor, form) };
      else skipForm(cursor, form, { address: unit.header.address, offset: offsetSize, version: 5 });
    }
    entries.push(entry);
  }
  return entries;
}

function pathOf(cursor: DwarfCursor, unit: UnitReader, form: number, offsetSize: 4 | 8): string {
  switch (form) {
    case FORM.string:
      return cursor.inlineText('a path');
    case FORM.lineStrp:
      return unit.reading.strings.at('.debug_line_str', cursor.offset(offsetSize, 'a path'));
    case FORM.strp:
      return unit.reading.strings.at('.debug_str', cursor.offset(offsetSize, 'a path'));
    default:
      return cursor.fail(`a path has form 0x${form.toString(16)}`);
  }
}

function directoryOf(cursor: DwarfCursor, form: number): number {
  switch (form) {
    case FORM.data1:
      return cursor.u8('a directory');
    case FORM.data2:
      return cursor.u16('a directory');
    case FORM.udata:
      return cursor.uleb('a directory');
    default:
      return cursor.fail(`a directory has form 0x${form.toString(16)}`);
  }
}
