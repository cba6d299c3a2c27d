/**
 * The one pass over a type section when it is opened: finds where each type begins, and refuses whatever would keep a
 * type from being decoded. After it nothing that reads types needs to check bytes again.
 */
import { FormatError } from '../format-error.ts';
import type { StringSection } from './strings.ts';
import {
  BTF_INFO_MASK,
  BTF_KINDS,
  BTF_TYPE_SIZE,
  INT_BOOL,
  INT_CHAR,
  INT_SIGNED,
  KIND,
  TAILS,
} from './wire.ts';

export interface ScanInput {
  /** The type section alone. */
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Offset of the section in the file, for messages. */
  readonly at: number;
  readonly firstId: number;
  readonly strings: StringSection;
}

/** All names together may be so many times as long as the types: many could have one long name. */
const NAMES_PER_BYTE = 4;
const NAMES_ANYWAY = 2 ** 20;

/** Offset of each type in the section, the first being `firstId`'s. @throws FormatError */
export function scanTypes(input: ScanInput): Uint32Array {
  const offsets = findTypes(input);
  const end = input.firstId + offsets.length;
  const checker = new Checker(input, end);
  for (let index = 0; index < offsets.length; index++) checker.check(offsets[index]!, input.firstId + index);
  return offsets;
}

function findTypes({ view, littleEndian, at, firstId }: ScanInput): Uint32Array {
  const length = view.byteLength;
  const offsets = new Uint32Array(Math.floor(length / BTF_TYPE_SIZE));
  let count = 0;
  let offset = 0;
  while (offset < length) {
    const id = firstId + count;
    if (length - offset < BTF_TYPE_SIZE) {
      throw new FormatError('BTF', at + offset, `type ${id} takes 12 bytes, and ${length - offset} are left`);
    }
    const info = view.getUint32(offset + 4, littleEndian);
    const kind = (info >>> 24) & 0x1f;
    const tail = TAILS[kind];
    if (tail === undefined || kind === KIND.void) {
      throw new FormatError('BTF', at + offset + 4, `type ${id} is of kind ${kind}, which is unknown`);
    }
    const size = BTF_TYPE_SIZE + tail.fixed + tail.entry * (info & 0xffff);
    if (size > length - offset) {
      throw new FormatError(
        'BTF',
        at + offset,
        `type ${id} (${BTF_KINDS[kind]}) takes ${size} bytes, and ${length - offset} are left`,
      );
    }
    offsets[count++] = offset;
    offset += size;
  }
  return offsets.slice(0, count);
}

/** Checks one type's fields: what the kernel's `*_check_meta` functions ask, as far as decoding depends on it. */
class Checker {
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #at: number;
  readonly #strings: StringSection;
  readonly #end: number;
  /** Bytes of names that may still come. */
  #names: number;

  constructor(input: ScanInput, end: number) {
    this.#view = input.view;
    this.#little = input.littleEndian;
    this.#at = input.at;
    this.#strings = input.strings;
    this.#names = NAMES_PER_BYTE * input.view.byteLength + NAMES_ANYWAY;
    this.#end = end;
  }

  /** Long because it has every kind, and one call a kind would be felt in a hundred thousand types. */
  check(offset: number, id: number): void {
    const view = this.#view;
    const little = this.#little;
    const info = view.getUint32(offset + 4, little);
    const kind = info >>> 24;
    const vlen = info & 0xffff;
    const word = view.getUint32(offset + 8, little);
    this.#string(offset, id);
    if ((info & ~BTF_INFO_MASK) !== 0) this.#fail(offset + 4, id, `has reserved bits set: ${hex(info)}`);
    const tail = offset + 12;
    switch (kind & 0x1f) {
      case KIND.int:
        this.#plain(info, offset, id);
        this.#int(tail, word, id);
        break;
      case KIND.ptr:
      case KIND.volatile:
      case KIND.const:
      case KIND.restrict:
        this.#plain(info, offset, id);
        this.#nameless(offset, id);
        this.#type(offset + 8, id);
        break;
      case KIND.typedef:
        this.#plain(info, offset, id);
        this.#type(offset + 8, id);
        break;
      case KIND.type_tag:
        this.#vlen(vlen, offset, id);
        this.#type(offset + 8, id);
        break;
      case KIND.decl_tag:
        this.#vlen(vlen, offset, id);
        this.#type(offset + 8, id);
        if (view.getInt32(tail, little) < -1)
          this.#fail(tail, id, `tags component ${view.getInt32(tail, little)}`);
        break;
      case KIND.array:
        this.#plain(info, offset, id);
        this.#nameless(offset, id);
        this.#wordless(word, offset, id);
        this.#type(tail, id);
        this.#type(tail + 4, id);
        break;
      case KIND.struct:
      case KIND.union:
        for (let entry = tail; entry < tail + vlen * 12; entry += 12) {
          this.#string(entry, id);
          this.#type(entry + 4, id);
        }
        break;
      case KIND.enum:
        this.#enumSize(word, vlen, offset, id);
        for (let entry = tail; entry < tail + vlen * 8; entry += 8) this.#string(entry, id);
        break;
      case KIND.enum64:
        this.#enumSize(word, vlen, offset, id);
        for (let entry = tail; entry < tail + vlen * 12; entry += 12) this.#string(entry, id);
        break;
      case KIND.fwd:
        this.#vlen(vlen, offset, id);
        this.#wordless(word, offset, id);
        break;
      case KIND.func:
        this.#flagless(info, offset, id);
        if (vlen > 2) this.#fail(offset + 4, id, `has linkage ${vlen}, which is unknown`);
        this.#type(offset + 8, id);
        break;
      case KIND.func_proto:
        this.#flagless(info, offset, id);
        this.#nameless(offset, id);
        this.#type(offset + 8, id);
        for (let entry = tail; entry < tail + vlen * 8; entry += 8) {
          this.#string(entry, id);
          this.#type(entry + 4, id);
        }
        break;
      case KIND.var: {
        this.#plain(info, offset, id);
        this.#type(offset + 8, id);
        const linkage = view.getUint32(tail, little);
        if (linkage > 2) this.#fail(tail, id, `has linkage ${linkage}, which is unknown`);
        break;
      }
      case KIND.datasec:
        this.#flagless(info, offset, id);
        for (let entry = tail; entry < tail + vlen * 12; entry += 12) this.#type(entry, id);
        break;
      case KIND.float:
        this.#plain(info, offset, id);
        break;
    }
  }

  #int(tail: number, size: number, id: number): void {
    const data = this.#view.getUint32(tail, this.#little);
    const bits = data & 0xff;
    const shift = (data >>> 16) & 0xff;
    const known = ((INT_SIGNED | INT_CHAR | INT_BOOL) << 24) | 0x00ff_00ff;
    const isBoth = ((data >>> 24) & (INT_CHAR | INT_BOOL)) === (INT_CHAR | INT_BOOL);
    if ((data & ~known) !== 0 || isBoth) this.#fail(tail, id, `has an unknown encoding: ${hex(data)}`);
    if (bits === 0 || bits + shift > size * 8 || bits > 128) {
      this.#fail(tail, id, `has ${bits} bits at bit ${shift} of ${size} bytes`);
    }
  }

  /** clang writes a declared enum (`enum later;`) with neither size nor values. */
  #enumSize(size: number, values: number, offset: number, id: number): void {
    if (size === 0 && values === 0) return;
    if (size !== 1 && size !== 2 && size !== 4 && size !== 8) {
      this.#fail(offset + 8, id, `is an enum of ${size} bytes`);
    }
  }

  #string(offset: number, id: number): void {
    const name = this.#view.getUint32(offset, this.#little);
    if (name === 0) return;
    if (name >= this.#strings.end) this.#badString(offset, id, name);
    this.#names -= this.#strings.lengthOf(name, this.#names);
    if (this.#names < 0)
      this.#fail(offset, id, 'has a name that with all before is far longer than the types');
  }

  #badString(offset: number, id: number, name: number): never {
    this.#fail(offset, id, `has its name at ${name}, and the strings end at ${this.#strings.end}`);
  }

  #type(offset: number, id: number): void {
    const type = this.#view.getUint32(offset, this.#little);
    if (type >= this.#end) this.#badType(offset, id, type);
  }

  #badType(offset: number, id: number, type: number): never {
    this.#fail(offset, id, `refers to type ${type}, and the last is ${this.#end - 1}`);
  }

  #nameless(offset: number, id: number): void {
    if (this.#view.getUint32(offset, this.#little) !== 0) {
      this.#fail(offset, id, 'has a name, and its kind has none');
    }
  }

  #wordless(word: number, offset: number, id: number): void {
    if (word !== 0) this.#fail(offset + 8, id, `has ${word} for size or type, and its kind has none`);
  }

  #plain(info: number, offset: number, id: number): void {
    this.#vlen(info & 0xffff, offset, id);
    this.#flagless(info, offset, id);
  }

  #vlen(vlen: number, offset: number, id: number): void {
    if (vlen !== 0) this.#fail(offset + 4, id, `has ${vlen} entries, and its kind has none`);
  }

  #flagless(info: number, offset: number, id: number): void {
    if (info >>> 31 !== 0) this.#fail(offset + 4, id, 'has kind_flag set, which means nothing for its kind');
  }

  #fail(offset: number, id: number, problem: string): never {
    throw new FormatError('BTF', this.#at + offset, `type ${id} ${problem}`);
  }
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}
