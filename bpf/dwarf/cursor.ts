/** `DwarfCursor`: a checked cursor that knows DWARF's own encodings: LEB128 and offsets of 32 or 64 bits. */
import { ByteReader } from '../byte-reader.ts';

/** The longest LEB128 of a 64-bit number; the standard allows padding, nobody pads more. */
const MAX_LEB = 16;
/** Compilers write longer ones into `.debug_str`. */
const MAX_TEXT = 1 << 14;

export class DwarfCursor extends ByteReader {
  u24(what: string): number {
    const bytes = this.take(3, what);
    const middle = (bytes[1] ?? 0) << 8;
    const [low, high] = this.littleEndian ? [bytes[0], bytes[2]] : [bytes[2], bytes[0]];
    return (low ?? 0) | middle | ((high ?? 0) << 16);
  }

  /** ULEB128 that must be an offset, an index, a code or a size. */
  uleb(what: string): number {
    const at = this.position;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < MAX_LEB; count++) {
      const byte = this.u8(what);
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80)
        return value <= Number.MAX_SAFE_INTEGER ? value : this.fail(`${what} is too large`, at);
    }
    return this.fail(`${what} is a number without end`, at);
  }

  /** ULEB128 of up to 64 bits. */
  ulebBig(what: string): bigint {
    return BigInt.asUintN(64, this.#leb(what).value);
  }

  slebBig(what: string): bigint {
    const { value, bits } = this.#leb(what);
    return BigInt.asIntN(64, BigInt.asIntN(bits, value));
  }

  skipLeb(what: string): void {
    for (let count = 0; count < MAX_LEB; count++) if (this.u8(what) < 0x80) return;
    this.fail(`${what} is a number without end`);
  }

  /** An offset into a section: 4 bytes in 32-bit DWARF, 8 in 64-bit. */
  offset(size: 4 | 8, what: string): number {
    return size === 4 ? this.u32(what) : this.size64(what);
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  unsigned(size: number, what: string): bigint {
    switch (size) {
      case 1:
        return BigInt(this.u8(what));
      case 2:
        return BigInt(this.u16(what));
      case 4:
        return BigInt(this.u32(what));
      case 8:
        return this.u64(what);
      default:
        return this.fail(`${what} has ${size} bytes`);
    }
  }

  inlineText(what: string): string {
    return this.text(what, MAX_TEXT);
  }

  /** Moves behind the next NUL. */
  skipText(what: string): void {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0) this.fail(`${what} has no end`);
    this.position = end + 1;
  }

  #leb(what: string): { readonly value: bigint; readonly bits: number } {
    const at = this.position;
    let value = 0n;
    for (let bits = 7; bits <= MAX_LEB * 7; bits += 7) {
      const byte = this.u8(what);
      value |= BigInt(byte & 0x7f) << BigInt(bits - 7);
      if (byte < 0x80) return { value, bits };
    }
    return this.fail(`${what} is a number without end`, at);
  }
}
