/** Decompression is a port, so that readers run where there is no `node:zlib`. */

/** The compressions trace-cmd knows. */
export type CompressionName = 'zlib' | 'zstd';

export interface Decompressor {
  /** `input` decompressed into exactly `size` bytes. @throws Error of any kind when it is damaged or of another size */
  decompress(algorithm: CompressionName, input: Uint8Array, size: number): Uint8Array;
  /** Begins a zstd stream; absent where only whole pieces can be decompressed. */
  zstdStream?(): StreamDecompressor;
}

/** One stream, decompressed part by part as its parts are found. */
export interface StreamDecompressor {
  /**
   * What the stream's next part gives, in pieces of bounded size that the caller may keep. Read all of them before the next
   * part. @throws Error of any kind when the stream is damaged
   */
  decompress(part: Uint8Array): Iterable<Uint8Array>;
  /** No more will be asked: lets its memory go. */
  close(): void;
}
