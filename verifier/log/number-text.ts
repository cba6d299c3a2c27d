/** Numbers as the kernel's logs print them: small ones in decimal, others in hexadecimal (`verbose_unum`, `verbose_snum`). */

const UNSIGNED_DECIMAL_MAX = 0xffffn;
const SIGNED_DECIMAL_MIN = -0x8000n;
const SIGNED_DECIMAL_MAX = 0x7fffn;

export function unsignedText(value: bigint): string {
  const unsigned = BigInt.asUintN(64, value);
  return unsigned <= UNSIGNED_DECIMAL_MAX ? unsigned.toString() : `0x${unsigned.toString(16)}`;
}

export function signedText(value: bigint): string {
  if (isSignedDecimal(BigInt.asIntN(64, value))) return BigInt.asIntN(64, value).toString();
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

export function isSignedDecimal(value: bigint): boolean {
  return value >= SIGNED_DECIMAL_MIN && value <= SIGNED_DECIMAL_MAX;
}
