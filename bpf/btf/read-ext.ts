/** Opens `.BTF.ext`, in either byte order, records of any length that has what is known. */
import { ByteReader } from '../byte-reader.ts';
import { CORE_RELOCATION_KINDS } from '../core/relocation.ts';
import type { Btf } from './btf.ts';
import {
  type BtfExt,
  COLUMN_BITS,
  type CoreRecord,
  EXT_CORE_HEADER_SIZE,
  EXT_HEADER_SIZE,
  EXT_RECORD_SIZES,
  type ExtSection,
  type FunctionRecord,
  type LineRecord,
  MAX_COLUMN,
} from './ext.ts';
import { isLittleEndian, readHeaderSize } from './header.ts';
import type { TypeId } from './type.ts';

/** `btf`: the `.BTF` beside it, whose types and strings it refers to. @throws FormatError */
export function readBtfExt(bytes: Uint8Array, btf: Btf): BtfExt {
  const reader = new ByteReader(bytes, isLittleEndian(bytes), '.BTF.ext');
  const headerSize = readHeaderSize(reader, EXT_HEADER_SIZE);
  const hasCore = headerSize >= EXT_CORE_HEADER_SIZE;
  const functions = readRange(reader, headerSize);
  const lines = readRange(reader, headerSize);
  const relocations = hasCore ? readRange(reader, headerSize) : NOTHING;
  const info = new InfoReader(reader, btf);
  return {
    functions: info.sections('functions', functions, () => info.function()),
    lines: info.sections('lines', lines, () => info.line()),
    relocations: info.sections('relocations', relocations, () => info.relocation()),
  };
}

interface Range {
  readonly start: number;
  readonly length: number;
}

const NOTHING: Range = { start: 0, length: 0 };

function readRange(reader: ByteReader, headerSize: number): Range {
  const start = headerSize + reader.u32('the place of a table');
  return { start, length: reader.u32('the size of a table') };
}

const TABLE_NAMES: Readonly<Record<keyof BtfExt, string>> = {
  functions: 'func_info',
  lines: 'line_info',
  relocations: 'core_relo',
};

class InfoReader {
  readonly #reader: ByteReader;
  readonly #btf: Btf;
  /** Texts read, by their offset: all lines of a file have its name. */
  readonly #texts: Map<number, string> = new Map();
  /** Characters that may still be read: strings that overlap could make far more than there are bytes. */
  #budget: number;

  constructor(reader: ByteReader, btf: Btf) {
    this.#reader = reader;
    this.#btf = btf;
    this.#budget = 4 * btf.stringsEnd + 0x1_0000;
  }

  sections<T>(table: keyof BtfExt, range: Range, read: () => T): readonly ExtSection<T>[] {
    if (range.length === 0) return [];
    const reader = this.#reader;
    const name = TABLE_NAMES[table];
    reader.seek(range.start, name);
    reader.take(range.length, name);
    reader.seek(range.start, name);
    const end = range.start + range.length;
    const recordSize = reader.u32(`${name}'s record size`);
    if (recordSize < EXT_RECORD_SIZES[table] || recordSize % 4 !== 0) {
      reader.fail(`${name} has records of ${recordSize} bytes`, range.start);
    }
    const sections: ExtSection<T>[] = [];
    while (reader.position < end) sections.push(this.#section(name, recordSize, end, read));
    return sections;
  }

  function(): FunctionRecord {
    return { offset: this.#instruction(), type: this.#type() };
  }

  line(): LineRecord {
    const offset = this.#instruction();
    const file = this.#text();
    const text = this.#text();
    const place = this.#reader.u32('a line number');
    return { offset, file, text, line: place >>> COLUMN_BITS, column: place & MAX_COLUMN };
  }

  relocation(): CoreRecord {
    const offset = this.#instruction();
    const type = this.#type();
    const access = this.#text();
    const number = this.#reader.u32('a relocation kind');
    const kind = CORE_RELOCATION_KINDS[number];
    if (kind === undefined) {
      this.#reader.fail(`relocation kind ${number} is unknown`, this.#reader.position - 4);
    }
    return { offset, kind, type, access };
  }

  #section<T>(name: string, recordSize: number, end: number, read: () => T): ExtSection<T> {
    const reader = this.#reader;
    const start = reader.position;
    if (end - start < 8) reader.fail(`${name} ends in the middle of a section's head`);
    const section = this.#text();
    const count = reader.u32('a number of records');
    if (count === 0) reader.fail(`${name} of ${section} has no records`, start + 4);
    if (count * recordSize > end - reader.position) {
      const left = end - reader.position;
      reader.fail(
        `${count} records of ${recordSize} bytes for ${section}, and ${left} bytes are left`,
        start,
      );
    }
    const records: T[] = [];
    for (let index = 0; index < count; index++) {
      const at = reader.position;
      records.push(read());
      reader.seek(at + recordSize, 'a record');
    }
    return { section, records };
  }

  #instruction(): number {
    const offset = this.#reader.u32('an instruction offset');
    if (offset % 8 !== 0) {
      this.#reader.fail(`instruction offset ${offset} is no multiple of 8`, this.#reader.position - 4);
    }
    return offset;
  }

  #type(): TypeId {
    const type = this.#reader.u32('a type');
    if (type >= this.#btf.end) {
      this.#reader.fail(`type ${type}, and the last is ${this.#btf.end - 1}`, this.#reader.position - 4);
    }
    return type;
  }

  #text(): string {
    const offset = this.#reader.u32('a string offset');
    const known = this.#texts.get(offset);
    if (known !== undefined) return known;
    const at = this.#reader.position - 4;
    if (offset >= this.#btf.stringsEnd) {
      this.#reader.fail(`string offset ${offset} is beyond the strings' end, ${this.#btf.stringsEnd}`, at);
    }
    const text = this.#btf.string(offset);
    this.#budget -= text.length;
    if (this.#budget < 0) this.#reader.fail('the strings overlap one another too often', at);
    this.#texts.set(offset, text);
    return text;
  }
}
