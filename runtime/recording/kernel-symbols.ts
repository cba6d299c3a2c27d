/** The recorded kernel's symbols (`/proc/kallsyms`): lines of `address type name` and perhaps `[module]`. */
import { textOf } from './section-reader.ts';

export interface KernelSymbol {
  readonly address: bigint;
  readonly name: string;
  /** Without brackets; absent for the kernel itself. */
  readonly module?: string;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;

export class KernelSymbols {
  private readonly text: Uint8Array;
  /** Halves of the addresses, ascending, and where each one's line starts: the text is the only other memory. */
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;
  private readonly lines: Uint32Array;

  constructor(text: Uint8Array) {
    this.text = text;
    const capacity = countLines(text);
    const high = new Uint32Array(capacity);
    const low = new Uint32Array(capacity);
    const lines = new Uint32Array(capacity);
    let count = 0;
    for (let start = 0; start < text.length; start = endOfLine(text, start) + 1) {
      const digits = countHexDigits(text, start);
      if (digits === 0 || digits > 16 || text[start + digits] !== SPACE) continue;
      const split = Math.max(0, digits - 8);
      high[count] = parseHex(text, start, start + split);
      low[count] = parseHex(text, start + split, start + digits);
      lines[count++] = start;
    }
    // Modules' symbols come after the kernel's, and per-CPU ones before: the list is not in order as a whole.
    // Of several names of one address the first is the one to show, as the kernel does (`get_symbol_pos`).
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    order.sort((a, b) => high[a]! - high[b]! || low[a]! - low[b]! || b - a);
    this.high = order.map((index) => high[index]!);
    this.low = order.map((index) => low[index]!);
    this.lines = order.map((index) => lines[index]!);
  }

  get size(): number {
    return this.lines.length;
  }

  /** The last symbol at or before the address; undefined before the first. */
  symbolAt(address: bigint): KernelSymbol | undefined {
    const high = Number((address >> 32n) & 0xffff_ffffn);
    const low = Number(address & 0xffff_ffffn);
    let start = 0;
    let end = this.lines.length;
    while (start < end) {
      const middle = (start + end) >>> 1;
      const before = this.high[middle]! < high || (this.high[middle] === high && this.low[middle]! <= low);
      if (before) start = middle + 1;
      else end = middle;
    }
    return start === 0 ? undefined : this.symbol(start - 1);
  }

  /** The first symbol of that name; the whole list is searched. */
  symbolOf(name: string): KernelSymbol | undefined {
    for (let index = 0; index < this.lines.length; index++) {
      const symbol = this.symbol(index);
      if (symbol.name === name) return symbol;
    }
    return undefined;
  }

  private symbol(index: number): KernelSymbol {
    const start = this.lines[index]!;
    const words = textOf(this.text.subarray(start, endOfLine(this.text, start))).split(/\s+/);
    const address = (BigInt(this.high[index]!) << 32n) | BigInt(this.low[index]!);
    const name = words[2] ?? '';
    const module = words[3]?.replace(/^\[|\]$/g, '');
    return module ? { address, name, module } : { address, name };
  }
}

/** `0xaddress : "text"` lines of `printk_formats`, by address; the text as C source, unescaped. */
export function parsePrintkFormats(text: Uint8Array): ReadonlyMap<bigint, string> {
  const formats = new Map<bigint, string>();
  for (const line of textOf(text).split('\n')) {
    const match = /^0x([0-9a-fA-F]{1,16}) : "(.*)"$/.exec(line);
    if (match) formats.set(BigInt(`0x${match[1]}`), unescapeC(match[2]!));
  }
  return formats;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

function unescapeC(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => ESCAPES.get(character) ?? character);
}

function countLines(text: Uint8Array): number {
  let count = 0;
  for (let start = 0; start < text.length; start = endOfLine(text, start) + 1) count++;
  return count;
}

function endOfLine(text: Uint8Array, start: number): number {
  const newline = text.indexOf(NEWLINE, start);
  return newline < 0 ? text.length : newline;
}

function countHexDigits(text: Uint8Array, start: number): number {
  let end = start;
  while (end < text.length && end - start <= 16 && hexDigit(text[end]!) >= 0) end++;
  return end - start;
}

function parseHex(text: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) value = value * 16 + hexDigit(text[index]!);
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
