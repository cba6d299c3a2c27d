/**
 * Opens BTF: the `.BTF` section of an object or what `/sys/kernel/btf` has. One pass checks all of it and finds where
 * each type begins; everything else waits until asked.
 */
import { ByteReader } from '../byte-reader.ts';
import type { Btf } from './btf.ts';
import { isLittleEndian, readHeaderSize } from './header.ts';
import { checkNesting } from './nesting.ts';
import { scanTypes } from './scan.ts';
import { StringSection } from './strings.ts';
import { BtfTable } from './table.ts';
import { BTF_HEADER_SIZE } from './wire.ts';

export interface ReadBtfOptions {
  /** The table that split BTF (a module's) goes on from. */
  readonly base?: Btf;
  /** Instead of the width of `long`. */
  readonly pointerSize?: 4 | 8;
}

/**
 * Both byte orders. The table shares the memory of `bytes`, which nobody may change any more.
 * @throws FormatError when anything in it could not be decoded later
 */
export function readBtf(bytes: Uint8Array, options: ReadBtfOptions = {}): Btf {
  const { base, pointerSize } = options;
  const { littleEndian, types, typesAt, text } = readSections(bytes, base !== undefined);
  const strings = new StringSection(text, base);
  const view = new DataView(types.buffer, types.byteOffset, types.byteLength);
  const place = { view, littleEndian, at: typesAt, firstId: base?.end ?? 1 };
  const offsets = scanTypes({ ...place, strings });
  checkNesting({ ...place, offsets });
  return new BtfTable({
    bytes,
    types: { view, littleEndian, strings },
    offsets,
    ...(base === undefined ? {} : { base }),
    ...(pointerSize === undefined ? {} : { pointerSize }),
  });
}

interface Sections {
  readonly littleEndian: boolean;
  readonly types: Uint8Array;
  readonly typesAt: number;
  readonly text: Uint8Array;
}

function readSections(bytes: Uint8Array, isSplit: boolean): Sections {
  const littleEndian = isLittleEndian(bytes);
  const reader = new ByteReader(bytes, littleEndian, 'BTF');
  const headerSize = readHeaderSize(reader, BTF_HEADER_SIZE);
  const typesAt = headerSize + reader.u32('the place of the types');
  const typesSize = reader.u32('the size of the types');
  const stringsAt = headerSize + reader.u32('the place of the strings');
  const stringsSize = reader.u32('the size of the strings');
  if ((typesAt - headerSize) % 4 !== 0) reader.fail('the types are not at a multiple of 4', 8);
  if (typesAt < stringsAt + stringsSize && stringsAt < typesAt + typesSize) {
    reader.fail('the types and the strings overlap', 8);
  }
  reader.seek(typesAt, 'the type section');
  const types = reader.take(typesSize, 'the type section');
  reader.seek(stringsAt, 'the string section');
  const text = reader.take(stringsSize, 'the string section');
  checkStrings(reader, text, stringsAt, isSplit);
  return { littleEndian, types, typesAt, text };
}

/** The kernel's `btf_parse_str_sec`. */
function checkStrings(reader: ByteReader, text: Uint8Array, at: number, isSplit: boolean): void {
  if (text.length === 0) {
    if (!isSplit) reader.fail('there are no strings', at);
    return;
  }
  if (!isSplit && text[0] !== 0) reader.fail('the first string is not empty', at);
  if (text.at(-1) !== 0) reader.fail('the last string has no end', at + text.length - 1);
}
