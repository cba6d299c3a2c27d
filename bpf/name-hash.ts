/** FNV-1a of a name's bytes, for tables that find names without keeping their texts. */

/** Of the bytes from `start` up to a NUL or `end`. 32 bits, unsigned. */
export function hashName(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!;
    if (byte === 0) break;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
