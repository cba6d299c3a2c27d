/** A string table being made: each text once, at an offset that never changes; the empty text is at 0. */

const ENCODER = new TextEncoder();

export class StringTableBuilder {
  readonly #offsets: Map<string, number> = new Map([['', 0]]);
  readonly #parts: Uint8Array[] = [new Uint8Array(1)];
  #size = 1;

  /** The text's offset. It must hold no NUL. */
  add(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const bytes = ENCODER.encode(`${text}\0`);
    const offset = this.#size;
    this.#offsets.set(text, offset);
    this.#parts.push(bytes);
    this.#size += bytes.length;
    return offset;
  }

  bytes(): Uint8Array {
    const table = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      table.set(part, at);
      at += part.length;
    }
    return table;
  }
}
