/** Decompression is a port, so that readers run where there is no `node:zlib`. */

/** The compressions trace-cmd knows. */
export type CompressionName = 'zlib' | 'zstd';

export interface Decompressor {
  /** `input` decompressed into exactly `size` bytes. @throws Error of any kind when it is damaged or of another size */
  decompress(algorithm: CompressionName, input: Uint8Array, size: number): Uint8Array;
  /** For many small zstd frames; absent where each is as good alone. */
  zstdFrames?(): FrameDecompressor;
  /** Begins a zstd stream; absent where only whole pieces can be decompressed. */
  zstdStream?(): StreamDecompressor;
}

/** Decompresses frame after frame. */
export interface FrameDecompressor {
  /** False when the frame does not fill `target` exactly: {@link Decompressor.decompress} then tells what is wrong with it. */
  into(input: Uint8Array, target: Uint8Array): boolean;
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
