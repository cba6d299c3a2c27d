/**
 * gzip, undone with a bound: a few kilobytes can stand for gigabytes, so nobody unpacks without saying how much is too
 * much, and the beginning can be looked at before the rest is unpacked.
 */
import { constants, gunzipSync } from 'node:zlib';

/** What a recording may unpack to; its owner unpacks larger ones. */
export const MAX_UNPACKED: number = 2 ** 30;

/** Packed bytes that {@link gunzipStart} wants. */
export const START_SIZE = 1024;

/** Deflate's best: 258 bytes from two bits. */
const BEST_RATIO = 1032;
/** Room for zlib's output where the file does not tell its size. */
const PIECE: number = 1 << 20;
const HEADER_AND_TRAILER = 18;

/** Data that is damaged or too large. The message is the user's. */
export class GunzipError extends Error {
  override readonly name = 'GunzipError';
  readonly code: 'ERR_GUNZIP' = 'ERR_GUNZIP';
}

export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** The first unpacked bytes (at most a megabyte), from the first {@link START_SIZE} packed ones. @throws GunzipError */
export function gunzipStart(packed: Uint8Array): Uint8Array {
  const start = packed.subarray(0, START_SIZE);
  return attempt(START_SIZE * BEST_RATIO, () =>
    gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: START_SIZE * BEST_RATIO }),
  );
}

/** All of `packed`, at most `limit` bytes. @throws GunzipError */
export function gunzip(packed: Uint8Array, limit: number): Uint8Array {
  const claimed = claimedSize(packed);
  if (claimed > limit) throw tooLarge(limit);
  // In one piece where the size is as claimed: pieces would have to be joined, in twice the memory.
  const chunkSize = Math.max(PIECE, claimed + 1);
  return attempt(limit, () => gunzipSync(packed, { chunkSize, maxOutputLength: limit }));
}

/**
 * ISIZE (RFC 1952, 2.3.1): the size modulo 2^32 of the last member, which is nearly always the only one. 0 where that many
 * bytes cannot be: the file is cut, or lies.
 */
function claimedSize(packed: Uint8Array): number {
  if (packed.length < HEADER_AND_TRAILER) return 0;
  const size = new DataView(packed.buffer, packed.byteOffset + packed.length - 4, 4).getUint32(0, true);
  return size <= packed.length * BEST_RATIO ? size : 0;
}

function attempt(limit: number, unpack: () => Uint8Array): Uint8Array {
  try {
    const bytes = unpack();
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit, error);
    const problem = error instanceof Error ? error.message : String(error);
    throw new GunzipError(`damaged gzip data: ${problem}`, { cause: error });
  }
}

/** What to say and do about more than `limit` bytes. */
export function tooLarge(limit: number, cause?: unknown): GunzipError {
  const problem = `it unpacks to more than ${sizeText(limit)}: unpack it with gunzip and open the result`;
  return new GunzipError(problem, { cause });
}

/** A limit in words. */
export function sizeText(limit: number): string {
  return limit >= 2 ** 30 ? `${limit / 2 ** 30} GiB` : `${limit / 2 ** 20} MiB`;
}
