/** A text of at most so many bytes that counts those it had to leave out, as the kernel's `bstr_printf` counts. */
export class BoundedText {
  /** One character a byte. */
  text = '';
  /** Bytes there would be without the limit. */
  length = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(text: string): void {
    const room = this.#limit - this.text.length;
    if (room > 0) this.text += text.length <= room ? text : text.slice(0, room);
    this.length += text.length;
  }

  /** `count` may be large, as widths come from format strings, or negative, which adds nothing. */
  repeat(character: string, count: number): void {
    if (count <= 0) return;
    const room = this.#limit - this.text.length;
    if (room > 0) this.text += character.repeat(Math.min(room, count));
    this.length += count;
  }
}
