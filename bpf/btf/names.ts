/**
 * What the kernel takes for a name (`btf_name_valid_identifier`, `btf_name_valid_section`). Its `isalpha` and `isprint` are
 * of Latin-1, byte by byte.
 */
import { encodeText } from './text.ts';

/** `KSYM_NAME_LEN`, its NUL included. */
const LONGEST = 512;

export function isIdentifier(name: string): boolean {
  const bytes = encodeText(name);
  if (bytes.length === 0 || bytes.length >= LONGEST || isDigit(bytes[0]!)) return false;
  return bytes.every((byte) => isLetter(byte) || isDigit(byte) || byte === 0x5f || byte === 0x2e);
}

export function isSectionName(name: string): boolean {
  const bytes = encodeText(name);
  if (bytes.length === 0 || bytes.length >= LONGEST) return false;
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte >= 0xa0);
}

function isLetter(byte: number): boolean {
  if (byte >= 0xc0) return byte !== 0xd7 && byte !== 0xf7;
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
