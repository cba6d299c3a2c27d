/**
 * A zstd stream decompressed synchronously, part by part. Node's streams do the same asynchronously only, and readers of
 * recordings step from record to record; so this drives the stream's own handle, as node:zlib's synchronous calls do.
 */
import { constants, createZstdDecompress } from 'node:zlib';
import type { StreamDecompressor } from '../recording/decompressor.ts';

/** Bytes of one piece of output. */
const PIECE_SIZE = 256 * 1024;
/** 128 MiB, zstd's own limit for streams: a damaged frame may not ask for more. */
const MAX_WINDOW_LOG = 27;

/** What node:zlib keeps in its streams, the same in all versions that have zstd. */
interface ZlibInternals {
  readonly _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      inputOffset: number,
      inputLength: number,
      output: Uint8Array,
      outputOffset: number,
      outputLength: number,
    ): void;
  } | null;
  /** Room left in the output, and input left, after a write. */
  readonly _writeState: Uint32Array;
}

export function zstdStream(): StreamDecompressor {
  const stream = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } });
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure ??= error;
  });
  const { _handle: handle, _writeState: left } = stream as unknown as ZlibInternals;
  if (typeof handle?.writeSync !== 'function' || left?.length !== 2) {
    throw new Error('this Node.js cannot decompress zstd streams');
  }
  // The handle tells of an error by a call, and that only then.
  const errors = handle as { onerror?: (message: string, errno: number, code: string) => void };
  errors.onerror = (message, _errno, code) => {
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
