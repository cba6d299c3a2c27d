/**
 * BTF in a snapshot: the words of its types by column (all kinds, all names of functions, all types of members, …), since
 * columns pack half as large as records, then its texts. Reading gives back the very same bytes.
 *
 *     way u8 (0: as it is, 1: columns) · big-endian u8 · offset of texts among the base's · id of first type · types
 *     · bytes of types · bytes of texts · columns · (name · bytes)* · columns' bytes · texts
 */
import { RecordReader } from './btf-record-reader.ts';
import { RecordWriter } from './btf-record-writer.ts';
import { Bytes, BytesReader } from './bytes.ts';
import { NameCoding } from './word-coding.ts';

/** What a split table goes on from. */
export interface BtfBase {
  /** Bytes of the base's texts. */
  readonly strings: number;
  /** The first id of the table. */
  readonly firstId: number;
}

const NO_BASE: BtfBase = { strings: 0, firstId: 1 };
const HEADER = 24;
const MAGIC = 0xeb9f;
const WAY = { asIs: 0, columns: 1 } as const;
const MAX_COLUMNS = 1000;
/** A word takes four bytes, and at least one in its column. */
const MOST = 4;

/** `btf`: a whole `.BTF` section or `/sys/kernel/btf` file. */
export function writeBtfPart(btf: Uint8Array, base: BtfBase = NO_BASE): Uint8Array {
  const part = writeColumns(btf, base);
  if (part !== undefined && isEqual(readBtfPart(part, 0), btf)) return part;
  const plain = new Bytes();
  plain.number(WAY.asIs);
  plain.bytes(btf);
  return plain.finish();
}

/** The bytes that were given to {@link writeBtfPart}. `offset`: of the part, for messages. @throws FormatError */
export function readBtfPart(part: Uint8Array, offset: number): Uint8Array {
  const reader = new BytesReader(part, 'snapshot', offset);
  const way = reader.u8('the way types are written');
  if (way === WAY.asIs) return reader.take(reader.remaining, 'types');
  if (way !== WAY.columns) reader.fail(`types are written in way ${way}, which is not known`, 0);
  return readColumns(reader);
}

/** Undefined when the bytes are no BTF of the usual layout. */
function writeColumns(btf: Uint8Array, base: BtfBase): Uint8Array | undefined {
  const view = new DataView(btf.buffer, btf.byteOffset, btf.length);
  if (btf.length < HEADER) return undefined;
  const bigEndian = view.getUint16(0) === MAGIC;
  const word = (at: number): number => view.getUint32(at, !bigEndian);
  const typesSize = word(12);
  const stringsSize = word(20);
  const isUsual = word(4) === HEADER && word(8) === 0 && word(16) === typesSize;
  if (!isUsual || HEADER + typesSize + stringsSize !== btf.length) return undefined;
  const types = btf.subarray(HEADER, HEADER + typesSize);
  const strings = btf.subarray(HEADER + typesSize);
  const writer = new RecordWriter(types, bigEndian, new NameCoding(strings, base.strings), base.firstId);
  if (!writer.all()) return undefined;
  const out = new Bytes();
  out.number(WAY.columns);
  out.number(bigEndian ? 1 : 0);
  for (const value of [
    base.strings,
    base.firstId,
    writer.count,
    typesSize,
    stringsSize,
    writer.columns.size,
  ]) {
    out.number(value);
  }
  for (const [name, column] of writer.columns) {
    out.text(name);
    out.number(column.length);
  }
  for (const column of writer.columns.values()) out.bytes(column.finish());
  out.bytes(strings);
  return out.finish();
}

function readColumns(reader: BytesReader): Uint8Array {
  const bigEndian = reader.u8('the byte order') === 1;
  const what = 'the header of types';
  const [stringsStart, firstId, count] = [reader.number(what), reader.number(what), reader.number(what)];
  const [typesSize, stringsSize, columnCount] = [
    reader.number(what),
    reader.number(what),
    reader.number(what),
  ];
  if (columnCount > MAX_COLUMNS || count > reader.remaining || typesSize > reader.remaining * MOST) {
    reader.fail(`${count} types of ${typesSize} bytes in ${columnCount} columns`);
  }
  const sizes: (readonly [string, number])[] = [];
  for (let index = 0; index < columnCount; index++) {
    sizes.push([reader.sizedText('the name of a column'), reader.number('the size of a column')]);
  }
  const columns = new Map<string, BytesReader>();
  for (const [name, size] of sizes) {
    const at = reader.position;
    columns.set(name, new BytesReader(reader.take(size, `column ${name}`), `snapshot, column ${name}`, at));
  }
  const strings = reader.take(stringsSize, 'texts');
  const btf = new Uint8Array(HEADER + typesSize + stringsSize);
  const view = new DataView(btf.buffer);
  view.setUint16(0, MAGIC, !bigEndian);
  btf[2] = 1;
  [HEADER, 0, typesSize, typesSize, stringsSize].forEach((value, index) => {
    view.setUint32(4 + index * 4, value, !bigEndian);
  });
  const types = new DataView(btf.buffer, HEADER, typesSize);
  new RecordReader(columns, types, bigEndian, new NameCoding(strings, stringsStart), firstId).all(count);
  btf.set(strings, HEADER + typesSize);
  return btf;
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
