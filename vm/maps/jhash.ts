/**
 * Bob Jenkins' lookup3 as Linux hashes keys with it (`jhash`, `jhash2` of linux/jhash.h): twelve bytes a round, little
 * endian. Whole words and single bytes give the same result, so that one function serves both.
 */
import type { LinearAddress } from '../address.ts';
import type { Memory } from '../memory.ts';

const START = 0xdeadbeef;

/** Hash of `length` bytes, as a signed number of 32 bits. */
export function jhash(memory: Memory, start: LinearAddress, length: number, seed: number): number {
  let a = (START + length + seed) | 0;
  let b = a;
  let c = a;
  let at = start;
  let left = length;
  for (; left > 12; left -= 12, at += 12) {
    a = (a + memory.readLow(at)) | 0;
    b = (b + memory.readLow(at + 4)) | 0;
    c = (c + memory.readLow(at + 8)) | 0;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  if (left === 0) return c;
  a = (a + tail(memory, at, left)) | 0;
  b = (b + tail(memory, at + 4, left - 4)) | 0;
  c = (c + tail(memory, at + 8, left - 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  return ((c ^ b) - rotate(b, 24)) | 0;
}

/** Up to four bytes as a number; missing ones are zero. */
function tail(memory: Memory, at: LinearAddress, left: number): number {
  if (left >= 4) return memory.readLow(at);
  let word = 0;
  for (let i = 0; i < left; i++) word |= memory.u8[at + i]! << (i * 8);
  return word;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
