/** Turns records of BTF types into columns. */
import {
  KINDS,
  type RecordInfo,
  type RecordPort,
  recordWords,
  type WordCoding,
  walkRecord,
} from './btf-records.ts';
import { Bytes } from './bytes.ts';
import { type NameCoding, typeCode, zigzag } from './word-coding.ts';

export class RecordWriter implements RecordPort {
  readonly columns: Map<string, Bytes> = new Map();
  count: number = 0;
  readonly #view: DataView;
  readonly #bigEndian: boolean;
  readonly #names: NameCoding;
  readonly #firstId: number;
  /** Of the record. */
  #start = 0;
  #info: RecordInfo = { kind: 0, vlen: 0, flag: false };
  readonly #before = new Map<string, number>();

  constructor(types: Uint8Array, bigEndian: boolean, names: NameCoding, firstId: number) {
    this.#view = new DataView(types.buffer, types.byteOffset, types.length);
    this.#bigEndian = bigEndian;
    this.#names = names;
    this.#firstId = firstId;
  }

  /** False when a record is not what is known. */
  all(): boolean {
    const end = this.#view.byteLength;
    while (this.#start < end) {
      if (end - this.#start < 12) return false;
      const info = this.#read(1);
      this.#info = { kind: (info >>> 24) & 0x1f, vlen: info & 0xffff, flag: info >>> 31 === 1 };
      if (this.#info.kind >= KINDS || (info & 0x60ff_0000) !== 0) return false;
      const size = recordWords(this.#info) * 4;
      if (size > end - this.#start) return false;
      this.#before.clear();
      walkRecord(this);
      this.#start += size;
      this.count++;
    }
    return true;
  }

  info(): RecordInfo {
    const { kind, vlen, flag } = this.#info;
    this.#column('kind').number(kind | (flag ? 0x20 : 0));
    this.#column(`${kind} vlen`).number(vlen);
    return this.#info;
  }

  word(index: number, column: string, coding: WordCoding): void {
    this.#column(column).number(this.#code(this.#read(index), column, coding));
  }

  #code(value: number, column: string, coding: WordCoding): number {
    switch (coding) {
      case 'name':
        return this.#names.code(value);
      case 'type':
        return typeCode(this.#firstId + this.count, value);
      case 'plain':
        return value;
      case 'delta': {
        const before = this.#before.get(column) ?? 0;
        this.#before.set(column, value);
        return zigzag(value - before);
      }
      default:
        return coding satisfies never;
    }
  }

  #column(name: string): Bytes {
    let column = this.columns.get(name);
    if (column === undefined) {
      column = new Bytes();
      this.columns.set(name, column);
    }
    return column;
  }

  #read(index: number): number {
    return this.#view.getUint32(this.#start + index * 4, !this.#bigEndian);
  }
}
