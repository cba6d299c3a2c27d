/** The Internet checksum (RFC 1071) as the kernel's helpers take it: sums of 32 bits with the carry added again. */

const WORD = 0x1_0000_0000;

/** `csum_add` of unsigned 32-bit numbers. */
export function csumAdd(a: number, b: number): number {
  const sum = a + b;
  return sum >= WORD ? sum - WORD + 1 : sum;
}

/** `csum_sub`. */
export function csumSub(a: number, b: number): number {
  return csumAdd(a, ~b >>> 0);
}

/** `csum_fold`: 16 bits, inverted. */
export function csumFold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  const twice = (once & 0xffff) + (once >>> 16);
  return ~twice & 0xffff;
}

/** `csum_from32to16`: 16 bits, as they are. */
export function csumFrom32(sum: number): number {
  const rotated = ((sum >>> 16) | (sum << 16)) >>> 0;
  return ((sum + rotated) % WORD) >>> 16;
}

/** Sums below it can take another word without losing a bit. */
const EXACT = 2 ** 52;

/** `csum_partial` over whole little-endian words, from `start`. */
export function csumWords(view: DataView, start: number, length: number, seed: number): number {
  let sum = seed;
  for (let at = start; at < start + length; at += 4) {
    sum += view.getUint32(at, true);
    if (sum >= EXACT) sum = carried(sum);
  }
  return carried(sum);
}

function carried(sum: number): number {
  let left = sum;
  while (left >= WORD) left = (left % WORD) + Math.floor(left / WORD);
  return left;
}

/** `csum_replace4`: the checksum when `from` in the packet becomes `to`. */
export function csumReplace4(sum: number, from: number, to: number): number {
  return csumFold(csumAdd(csumSub(~sum >>> 0, from), to));
}

/** `csum_replace2`: the same for 16 bits. */
export function csumReplace2(sum: number, from: number, to: number): number {
  const less = csumAdd16(~sum & 0xffff, ~from & 0xffff);
  return ~csumAdd16(less, to) & 0xffff;
}

/** `csum_replace_by_diff`. */
export function csumReplaceByDiff(sum: number, diff: number): number {
  return csumFold(csumAdd(diff, ~sum >>> 0));
}

/** `csum16_add`. */
export function csumAdd16(a: number, b: number): number {
  const sum = a + b;
  return sum > 0xffff ? (sum & 0xffff) + 1 : sum;
}
