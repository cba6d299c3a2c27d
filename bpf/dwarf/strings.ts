/** Texts of `.debug_str` and `.debug_line_str`: read where asked, and searched without reading them as a whole. */
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import type { DwarfSections } from './sections.ts';

export type StringSection = '.debug_str' | '.debug_line_str';

const PIECE = 256;
/** C++ names may be long; a text without end is an error. */
const MAX_TEXT = 1 << 20;
const WINDOW = 1 << 20;
/** Texts may be tails of others: how many times over a section may be used. */
const SHARING = 2;
const SMALL = 1 << 16;

/** Texts by where they are; each is kept, and all together are bounded by the sections. */
export class DwarfStrings {
  readonly #sections: DwarfSections;
  readonly #known = new Map<string, string>();
  readonly #left = new Map<StringSection, number>();

  constructor(sections: DwarfSections) {
    this.#sections = sections;
  }

  /** @throws FormatError */
  at(section: StringSection, offset: number): string {
    const key = `${section} ${offset}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const bytes = textAt(this.#sections.section(section), section, offset);
    const size = this.#sections.section(section)?.size ?? 0;
    const left = (this.#left.get(section) ?? size * SHARING + SMALL) - bytes.length;
    if (left < 0) throw new FormatError(section, offset, 'texts overlap too much');
    this.#left.set(section, left);
    const text = new TextDecoder().decode(bytes);
    this.#known.set(key, text);
    return text;
  }
}

function textAt(source: ByteSource | undefined, name: StringSection, offset: number): Uint8Array {
  if (source === undefined || !(offset < source.size)) {
    throw new FormatError(name, offset, 'a text is beyond the end of the section');
  }
  for (let length = PIECE; ; length *= 4) {
    const bytes = source.read(offset, Math.min(length, MAX_TEXT));
    const end = bytes.indexOf(0);
    if (end >= 0) return bytes.subarray(0, end);
    if (bytes.length < length || length >= MAX_TEXT) throw new FormatError(name, offset, 'a text has no end');
  }
}

/** Every offset of `.debug_str` where `text` stands up to its NUL: linkers let a text be the tail of a longer one. */
export function offsetsOf(source: ByteSource, text: string): ReadonlySet<number> {
  const wanted = new TextEncoder().encode(`${text}\0`);
  const found = new Set<number>();
  const step = Math.max(WINDOW, wanted.length);
  for (let start = 0; start < source.size; start += step) {
    // Windows overlap by a text, so that none is cut.
    const window = source.read(start, step + wanted.length - 1);
    for (const at of endsOf(window, wanted)) found.add(start + at);
  }
  return found;
}

/** Where `wanted` (with its NUL) begins: only the places before a NUL are compared. */
function* endsOf(window: Uint8Array, wanted: Uint8Array): Generator<number> {
  const length = wanted.length - 1;
  for (let end = window.indexOf(0, length); end >= 0; end = window.indexOf(0, end + 1)) {
    let index = length - 1;
    while (index >= 0 && window[end - length + index] === wanted[index]) index--;
    if (index < 0) yield end - length;
  }
}
