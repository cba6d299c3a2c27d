/** `.BTF.ext` to bytes; its texts go to the strings of the `.BTF` that is built beside it. */
import { CORE_RELOCATION_KINDS } from '../core/relocation.ts';
import {
  type BtfExt,
  COLUMN_BITS,
  EXT_CORE_HEADER_SIZE,
  EXT_RECORD_SIZES,
  type ExtSection,
  MAX_COLUMN,
  MAX_LINE,
} from './ext.ts';
import { BTF_MAGIC, BTF_VERSION } from './wire.ts';

export interface WriteBtfExtOptions {
  /** Where a text is among the strings: a `BtfBuilder` adds it when it is not there yet. */
  readonly strings: { string(text: string): number };
  /** True unless told. */
  readonly littleEndian?: boolean;
}

/** Columns beyond 1023 become 1023. @throws RangeError when a line is beyond 2^22 - 1 */
export function writeBtfExt(ext: BtfExt, { strings, littleEndian = true }: WriteBtfExtOptions): Uint8Array {
  const text = (value: string): number => strings.string(value);
  const functions = words('functions', ext.functions, text, ({ offset, type }) => [offset, type]);
  const lines = words('lines', ext.lines, text, (one) => {
    if (one.line > MAX_LINE) throw new RangeError(`${one.file}: line ${one.line} is beyond ${MAX_LINE}`);
    const place = ((one.line << COLUMN_BITS) | Math.min(one.column, MAX_COLUMN)) >>> 0;
    return [one.offset, text(one.file), text(one.text), place];
  });
  const relocations = words('relocations', ext.relocations, text, (one) => [
    one.offset,
    one.type,
    text(one.access),
    CORE_RELOCATION_KINDS.indexOf(one.kind),
  ]);
  return encode([functions, lines, relocations], littleEndian);
}

/** One table: empty when nothing is in it, as libbpf wants it. */
function words<T>(
  table: keyof BtfExt,
  sections: readonly ExtSection<T>[],
  text: (value: string) => number,
  record: (one: T) => readonly number[],
): readonly number[] {
  const filled = sections.filter(({ records }) => records.length > 0);
  if (filled.length === 0) return [];
  const out = [EXT_RECORD_SIZES[table]];
  for (const { section, records } of filled) {
    out.push(text(section), records.length);
    for (const one of records) out.push(...record(one));
  }
  return out;
}

function encode(tables: readonly (readonly number[])[], littleEndian: boolean): Uint8Array {
  const size = tables.reduce((sum, table) => sum + table.length * 4, EXT_CORE_HEADER_SIZE);
  const view = new DataView(new ArrayBuffer(size));
  view.setUint16(0, BTF_MAGIC, littleEndian);
  view.setUint8(2, BTF_VERSION);
  view.setUint32(4, EXT_CORE_HEADER_SIZE, littleEndian);
  let header = 8;
  let at = EXT_CORE_HEADER_SIZE;
  for (const table of tables) {
    view.setUint32(header, at - EXT_CORE_HEADER_SIZE, littleEndian);
    view.setUint32(header + 4, table.length * 4, littleEndian);
    header += 8;
    for (const word of table) {
      view.setUint32(at, word, littleEndian);
      at += 4;
    }
  }
  return new Uint8Array(view.buffer);
}
