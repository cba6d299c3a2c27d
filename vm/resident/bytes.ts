/** The module of the resident interpreter, as it ships: nothing is generated where programs run. */
import { RESIDENT_CODE } from './code.gen.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGIT_CODES = 128;

/** Base 64 has four digits for three bytes. */
export function residentBytes(): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(DIGIT_CODES);
  for (let value = 0; value < DIGITS.length; value++) values[DIGITS.charCodeAt(value)] = value;
  const text = RESIDENT_CODE.join('');
  const length = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  const bytes = new Uint8Array((length * 3) >> 2);
  let at = 0;
  let bits = 0;
  for (let i = 0; i < length; i++) {
    bits = (bits << 6) | values[text.charCodeAt(i)]!;
    if ((i & 3) === 0) continue;
    bytes[at++] = bits >> (6 - 2 * (i & 3));
  }
  return bytes;
}
