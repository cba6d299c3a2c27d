/** Random access to a file's bytes: a file, an array, a page's `Blob` read before. Reading is synchronous. */

export interface ByteSource {
  /** Total bytes. */
  readonly size: number;
  /**
   * Bytes from `offset`; fewer than `length` only where the source ends. The caller never changes them, and may keep
   * them: a source must not reuse the memory it returned.
   */
  read(offset: number, length: number): Uint8Array;
  /** Reads into memory of the caller's; how many bytes, fewer than it has room for only where the source ends. */
  readInto?(offset: number, target: Uint8Array): number;
}

/** Reads into `target`; the part that was filled. */
export function readInto(source: ByteSource, offset: number, target: Uint8Array): Uint8Array {
  if (source.readInto !== undefined) return target.subarray(0, source.readInto(offset, target));
  const bytes = source.read(offset, target.length);
  target.set(bytes);
  return target.subarray(0, bytes.length);
}

/** A source over bytes already in memory; reads share them. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) =>
      bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
  };
}
