/** Puts records of BTF types together again from columns. */
import {
  KINDS,
  type RecordInfo,
  type RecordPort,
  recordWords,
  type WordCoding,
  walkRecord,
} from './btf-records.ts';
import { BytesReader } from './bytes.ts';
import { type NameCoding, typeOf, unzigzag } from './word-coding.ts';

/** Columns by name. */
export type Columns = ReadonlyMap<string, BytesReader>;

export class RecordReader implements RecordPort {
  readonly #columns: Columns;
  readonly #types: DataView;
  readonly #bigEndian: boolean;
  readonly #names: NameCoding;
  #id: number;
  #start = 0;
  #size = 12;
  readonly #before = new Map<string, number>();

  constructor(columns: Columns, types: DataView, bigEndian: boolean, names: NameCoding, firstId: number) {
    this.#columns = columns;
    this.#types = types;
    this.#bigEndian = bigEndian;
    this.#names = names;
    this.#id = firstId;
  }

  all(count: number): void {
    for (let index = 0; index < count; index++) {
      this.#before.clear();
      walkRecord(this);
      this.#start += this.#size;
      this.#id++;
    }
    const kinds = this.#column('kind');
    if (this.#start !== this.#types.byteLength)
      kinds.fail(`types take ${this.#start} bytes, not ${this.#types.byteLength}`);
  }

  info(): RecordInfo {
    const column = this.#column('kind');
    const code = column.number('a kind');
    const kind = code & 0x1f;
    const flag = (code & 0x20) !== 0;
    if (kind >= KINDS || code > 0x3f) column.fail(`${code} is no kind`);
    const vlen = this.#column(`${kind} vlen`).number('a count');
    const info = { kind, vlen, flag };
    this.#size = recordWords(info) * 4;
    if (vlen > 0xffff || this.#size > this.#types.byteLength - this.#start) {
      column.fail(`type ${this.#id} is larger than what is left`);
    }
    this.#write(1, ((flag ? 0x8000_0000 : 0) | (kind << 24) | vlen) >>> 0);
    return info;
  }

  word(index: number, column: string, coding: WordCoding): void {
    const code = this.#column(column).number('a word');
    this.#write(index, this.#value(code, column, coding) >>> 0);
  }

  #value(code: number, column: string, coding: WordCoding): number {
    switch (coding) {
      case 'name':
        return this.#names.offset(code);
      case 'type':
        return typeOf(this.#id, code);
      case 'plain':
        return code;
      case 'delta': {
        const value = ((this.#before.get(column) ?? 0) + unzigzag(code)) >>> 0;
        this.#before.set(column, value);
        return value;
      }
      default:
        return coding satisfies never;
    }
  }

  #column(name: string): BytesReader {
    return this.#columns.get(name) ?? new BytesReader(new Uint8Array(0), `snapshot, column ${name}`, 0);
  }

  #write(index: number, value: number): void {
    this.#types.setUint32(this.#start + index * 4, value, !this.#bigEndian);
  }
}
