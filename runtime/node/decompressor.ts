/** Decompression by `node:zlib`. */
import { constants, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { CompressionName, Decompressor } from '../recording/decompressor.ts';
import { zstdFrames } from './zstd-frames.ts';
import { zstdStream } from './zstd-stream.ts';

/** zstd's own default window (8 MiB) is always allowed; a frame may not make us allocate a much larger one. */
const MIN_WINDOW_LOG = 23;

/**
 * Output is gathered in pieces of at most this many bytes. Node keeps the piece of a failed decompression until the
 * next turn of its event loop, so it must not be as large as a damaged file claims.
 */
const MAX_PIECE = 64 * 1024;

export const nodeDecompressor: Decompressor = {
  decompress(algorithm: CompressionName, input: Uint8Array, size: number): Uint8Array {
    // A piece that the output fills to the last byte makes Node begin another one.
    const limits = {
      chunkSize: Math.min(Math.max(size + 1, 64), MAX_PIECE),
      maxOutputLength: Math.max(size, 1),
    };
    const output =
      algorithm === 'zlib'
        ? inflateSync(input, limits)
        : zstdDecompressSync(input, {
            ...limits,
            params: { [constants.ZSTD_d_windowLogMax]: windowLog(size) },
          });
    if (output.length !== size) throw new Error(`${output.length} bytes instead of ${size}`);
    return new Uint8Array(output.buffer, output.byteOffset, output.byteLength);
  },
  zstdFrames,
  zstdStream,
};

function windowLog(size: number): number {
  return Math.min(31, Math.max(MIN_WINDOW_LOG, Math.ceil(Math.log2(size + 1))));
}
