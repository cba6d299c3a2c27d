/**
 * Reads parsed JSON that a stranger may have written: each value is asked for by kind and range, and what is something
 * else is a {@link FormatError} that says where.
 */
import { FormatError } from '../../bpf/format-error.ts';

const FORMAT = 'script section';
/** Longest number in decimal that a 64-bit value needs. */
const BIGINT_TEXT = /^-?\d{1,20}$/;

export class CheckedJson {
  readonly #value: unknown;
  /** `.info.actions[3].kind` */
  readonly path: string;

  constructor(value: unknown, path = '') {
    this.#value = value;
    this.path = path;
  }

  /** @throws FormatError */
  fail(problem: string): never {
    throw new FormatError(FORMAT, 0, `${this.path === '' ? 'the content' : this.path} ${problem}`);
  }

  get(key: string): CheckedJson {
    return this.optional(key) ?? this.fail(`has no '${key}'`);
  }

  optional(key: string): CheckedJson | undefined {
    const record = this.#value;
    if (record === null || typeof record !== 'object' || Array.isArray(record)) this.fail('is no record');
    if (!Object.hasOwn(record, key)) return undefined;
    return new CheckedJson((record as Readonly<Record<string, unknown>>)[key], `${this.path}.${key}`);
  }

  /** At most `limit` elements. */
  items(limit: number): readonly CheckedJson[] {
    if (!Array.isArray(this.#value)) this.fail('is no list');
    if (this.#value.length > limit) this.fail(`has ${this.#value.length} elements: more than ${limit}`);
    return this.#value.map((item, index) => new CheckedJson(item, `${this.path}[${index}]`));
  }

  list<Item>(limit: number, read: (item: CheckedJson) => Item): readonly Item[] {
    return this.items(limit).map(read);
  }

  /** Exactly `count` elements. */
  tuple(count: number): readonly CheckedJson[] {
    const items = this.items(count);
    if (items.length !== count) this.fail(`has ${items.length} elements, not ${count}`);
    return items;
  }

  /** The elements from one on, as a list. */
  slice(start: number): CheckedJson {
    if (!Array.isArray(this.#value)) this.fail('is no list');
    return new CheckedJson(this.#value.slice(start), this.path);
  }

  text(limit: number = 1 << 24): string {
    if (typeof this.#value !== 'string') this.fail('is no text');
    if (this.#value.length > limit) this.fail(`is longer than ${limit} characters`);
    return this.#value;
  }

  /** Text whose characters are one byte each. */
  bytes(limit: number = 1 << 24): Uint8Array {
    const text = this.text(limit);
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0xff) this.fail('has a character that is no byte');
      bytes[index] = code;
    }
    return bytes;
  }

  /** A whole number in a range. */
  integer(min: number, max: number): number {
    const value = this.#value;
    if (typeof value !== 'number' || !Number.isInteger(value)) this.fail('is no whole number');
    if (value < min || value > max) this.fail(`is ${value}, and not ${min} to ${max}`);
    return value;
  }

  /** Decimal text of a 64-bit number, signed or not. */
  bigint(): bigint {
    const text = this.text(21);
    if (!BIGINT_TEXT.test(text)) this.fail('is no number');
    const value = BigInt(text);
    if (value < -(1n << 63n) || value >= 1n << 64n) this.fail('does not fit into 64 bits');
    return value;
  }

  boolean(): boolean {
    if (typeof this.#value !== 'boolean') this.fail('is neither true nor false');
    return this.#value;
  }

  oneOf<Word extends string | number>(words: readonly Word[]): Word {
    const found = words.find((word) => word === this.#value);
    if (found === undefined) this.fail(`is none of ${words.join(', ')}`);
    return found;
  }
}

/** `{ [key]: value }` unless the value is absent: for optional properties. */
export function given<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}

/** Bytes as text of one character each. */
export function byteText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
