import { readFileSync } from 'node:fs';

/** An object of clang: `tests/data/README.md`. */
export function objectBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../data/objects/${name}`, import.meta.url)));
}

/** A library of user space: `tests/data/README.md`. */
export function libraryBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../data/user/${name}`, import.meta.url)));
}

/** A copy with other numbers at some offsets, little-endian. */
export function patched(
  bytes: Uint8Array,
  ...patches: readonly (readonly [offset: number, size: 1 | 2 | 4 | 8, value: number])[]
): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const [offset, size, value] of patches) {
    if (size === 1) view.setUint8(offset, value);
    else if (size === 2) view.setUint16(offset, value, true);
    else if (size === 4) view.setUint32(offset, value, true);
    else view.setBigUint64(offset, BigInt(value), true);
  }
  return copy;
}
