/** 32-bit division with the kernel's answers: x / 0 is 0, x % 0 is x, the least number / -1 is itself. */

export function div32(a: number, b: number): number {
  return b === 0 ? 0 : ((a >>> 0) / (b >>> 0)) | 0;
}

export function mod32(a: number, b: number): number {
  return b === 0 ? a : ((a >>> 0) % (b >>> 0)) | 0;
}

export function sdiv32(a: number, b: number): number {
  return b === 0 ? 0 : (a / b) | 0;
}

export function smod32(a: number, b: number): number {
  return b === 0 ? a : (a % b) | 0;
}

/** Bytes of the low 16 bits reversed, the rest zero. */
export function swap16(a: number): number {
  return ((a & 0xff) << 8) | ((a >>> 8) & 0xff);
}

export function swap32(a: number): number {
  return (a << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24);
}
