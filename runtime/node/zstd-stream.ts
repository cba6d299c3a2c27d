/**
 * A zstd stream decompressed synchronously, part by part. Node's streams do the same asynchronously only, and readers of
 * recordings step from record to record; so this drives the stream's own handle, as node:zlib's synchronous calls do.
 */
import { constants, createZstdDecompress } from 'node:zlib';
import type { StreamDecompressor } from '../recording/decompressor.ts';
import { hasInternals, type ZlibInternals } from './zlib-internals.ts';

/** Bytes of one piece of output. */
const PIECE_SIZE = 256 * 1024;
/** 128 MiB, zstd's own limit for streams: a damaged frame may not ask for more. */
const MAX_WINDOW_LOG = 27;

export function zstdStream(): StreamDecompressor {
  const stream = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } });
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure ??= error;
  });
  const internals = stream as unknown as ZlibInternals;
  const { _handle: handle, _writeState: left } = internals;
  if (handle === null || !hasInternals(internals)) {
    throw new Error('this Node.js cannot decompress zstd streams');
  }
  handle.onerror = (message, _errno, code) => {
    failure ??= new Error(`${message} (${code})`);
  };
  const output = new Uint8Array(PIECE_SIZE);
  function* decompress(part: Uint8Array): Generator<Uint8Array> {
    let done = 0;
    for (;;) {
      handle!.writeSync(constants.ZSTD_e_continue, part, done, part.length - done, output, 0, PIECE_SIZE);
      if (failure !== undefined) throw failure;
      const size = PIECE_SIZE - left[0]!;
      done = part.length - left[1]!;
      if (size > 0) yield output.slice(0, size);
      // A full piece may have more behind it; else all input is taken.
      if (size < PIECE_SIZE) return;
    }
  }
  return { decompress, close: () => stream.destroy() };
}
