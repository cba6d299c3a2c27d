/** The strings of a table being built: each once, in the order they came, the empty one first. */
import { encodeText } from './text.ts';

export class StringSectionBuilder {
  readonly #offsets: Map<string, number> = new Map();
  readonly #texts: Uint8Array[] = [];
  /** Offset of this table's first string: where a base's strings end. */
  readonly #start: number;
  #end: number;

  constructor(start = 0) {
    this.#start = start;
    this.#end = start;
    if (start === 0) this.#append('');
  }

  /** Offset of a text, now and when more are added. @throws RangeError when it has a NUL */
  add(text: string): number {
    if (text === '') return 0;
    return this.#offsets.get(text) ?? this.#append(text);
  }

  /** All, each with its NUL. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#end - this.#start);
    let at = 0;
    for (const text of this.#texts) {
      bytes.set(text, at);
      at += text.length + 1;
    }
    return bytes;
  }

  #append(text: string): number {
    if (text.includes('\0')) throw new RangeError(`a name with a NUL: ${JSON.stringify(text)}`);
    const bytes = encodeText(text);
    const offset = this.#end;
    this.#offsets.set(text, offset);
    this.#texts.push(bytes);
    this.#end += bytes.length + 1;
    return offset;
  }
}
