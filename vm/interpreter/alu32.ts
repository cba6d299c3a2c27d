/** Signed 32-bit division with the kernel's answers: x / 0 is 0, x % 0 is x, the least number / -1 is itself. */

export function sdiv32(a: number, b: number): number {
  return b === 0 ? 0 : (a / b) | 0;
}

export function smod32(a: number, b: number): number {
  return b === 0 ? a : (a % b) | 0;
}
