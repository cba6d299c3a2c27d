/** Constants and the 32-bit immediates that can carry them. */

/** True when sign extension of the low half gives the whole. */
export function fitsSigned32(value: bigint): boolean {
  return value >= -0x8000_0000n && value <= 0x7fff_ffffn;
}

/** The low half as signed 32 bits. */
export function low32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** The high half as signed 32 bits. */
export function high32(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}
