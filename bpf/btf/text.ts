/**
 * Bytes of names to texts and back without loss: names are UTF-8, and a byte that is none (source lines may have such)
 * becomes the lone surrogate U+DC00 + byte, as Python's `surrogateescape` has it.
 */

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

const ESCAPE = 0xdc00;

/** Names are short and ASCII nearly always: decoding those by hand takes a fraction of a TextDecoder's call. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 64) return decodeUtf8(bytes.subarray(start, end));
  let text = '';
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!;
    if (byte >= 0x80) return decodeUtf8(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

export function encodeText(text: string): Uint8Array {
  if (text.isWellFormed()) return ENCODER.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) bytes.push(code - ESCAPE);
    else bytes.push(...ENCODER.encode(character));
  }
  return Uint8Array.from(bytes);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    return decodeEscaped(bytes);
  }
}

function decodeEscaped(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    parts.push(character ?? String.fromCharCode(ESCAPE + bytes[at]!));
    at += character === undefined ? 1 : lengthOf(bytes[at]!);
  }
  return parts.join('');
}

function characterAt(bytes: Uint8Array, at: number): string | undefined {
  const length = lengthOf(bytes[at]!);
  if (length === 1) return bytes[at]! < 0x80 ? String.fromCharCode(bytes[at]!) : undefined;
  try {
    return DECODER.decode(bytes.subarray(at, at + length));
  } catch {
    return undefined;
  }
}

/** Bytes of a character by its first. */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
