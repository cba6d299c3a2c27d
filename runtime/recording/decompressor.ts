/** Decompression is a port, so that readers run where there is no `node:zlib`. */

/** The compressions trace-cmd knows. */
export type CompressionName = 'zlib' | 'zstd';

export interface Decompressor {
  /** `input` decompressed into exactly `size` bytes. @throws Error of any kind when it is damaged or of another size */
  decompress(algorithm: CompressionName, input: Uint8Array, size: number): Uint8Array;
}
