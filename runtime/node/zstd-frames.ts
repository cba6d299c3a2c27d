/**
 * zstd frames decompressed one after the other into memory of the caller's, by one context: `zstdDecompressSync` makes
 * one for each frame, which takes longer than a small frame itself.
 */
import { constants, createZstdDecompress } from 'node:zlib';
import type { FrameDecompressor } from '../recording/decompressor.ts';
import { hasInternals, type ZlibInternals } from './zlib-internals.ts';

/** 8 MiB, zstd's own default: a damaged frame may not ask for more. */
const MAX_WINDOW_LOG = 23;

export function zstdFrames(): FrameDecompressor {
  let context: ZlibInternals | undefined;
  let failed = false;
  const open = (): ZlibInternals => {
    const stream = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } });
    stream.on('error', () => {});
    const opened = stream as unknown as ZlibInternals;
    if (opened._handle !== null) {
      opened._handle.onerror = () => {
        failed = true;
      };
    }
    return opened;
  };
  return {
    into(input, target): boolean {
      context ??= open();
      const { _handle: handle, _writeState: left } = context;
      if (handle === null || !hasInternals(context)) return false;
      failed = false;
      handle.writeSync(constants.ZSTD_e_continue, input, 0, input.length, target, 0, target.length);
      if (!failed && left[0] === 0 && left[1] === 0) return true;
      // It is in the middle of something.
      context.destroy();
      context = undefined;
      return false;
    },
  };
}
