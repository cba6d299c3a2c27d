/**
 * Files as byte sources: read where asked, never as a whole. Gzipped files (`.gz`) are unpacked into memory, and pipes are
 * read into it.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type ByteSource, memorySource } from '../../bpf/byte-source.ts';
import {
  GunzipError,
  gunzip,
  gunzipStart,
  isGzip,
  MAX_UNPACKED,
  START_SIZE,
  sizeText,
  tooLarge,
} from './gunzip.ts';

export interface FileSource extends ByteSource {
  close(): void;
}

/** Metadata is read a few bytes at a time; one system call fetches this much. */
const READ_AHEAD = 64 * 1024;
/** What is at first kept for a pipe. */
const PIECE = 64 * 1024;

/** A pipe that gives more than is kept in memory. The message is the user's. */
export class EndlessStreamError extends Error {
  override readonly name = 'EndlessStreamError';
  readonly code: 'ERR_STREAM_TOO_LONG' = 'ERR_STREAM_TOO_LONG';

  constructor(limit: number) {
    super(`it gives more than ${sizeText(limit)}: save it to a file and open that`);
  }
}

export interface FileSourceOptions {
  /** What a gzipped file must hold: its beginning is looked at before the rest is unpacked. */
  readonly wanted?: { readonly name: string; readonly accepts: (start: Uint8Array) => boolean };
  /** Bytes a gzipped file may unpack to: {@link MAX_UNPACKED} when not given. */
  readonly limit?: number;
}

/**
 * `path`: a file's, or the number of an open one. What is no file of its own (a pipe) is read to its end first.
 * @throws the file system's error, or a GunzipError when a gzip file is damaged, too large or not the wanted one
 */
export function openFileSource(path: string | number, options: FileSourceOptions = {}): FileSource {
  const file = typeof path === 'number' ? path : openSync(path, 'r');
  try {
    if (isStream(file)) {
      const source = memorySource(streamed(file, options));
      closeSync(file);
      return { size: source.size, read: source.read, close: () => {} };
    }
    const start = startOf(file);
    if (isGzip(start)) {
      const source = memorySource(unpacked(file, start, options));
      closeSync(file);
      return { size: source.size, read: source.read, close: () => {} };
    }
    return fileSource(file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** A pipe, a terminal, or a file that tells no size, as tracefs has them. */
function isStream(file: number): boolean {
  const stats = fstatSync(file);
  return !stats.isDirectory() && (!stats.isFile() || stats.size === 0);
}

/** All that comes out of what can be read only once and in order. */
function streamed(file: number, options: FileSourceOptions): Uint8Array {
  const { limit = MAX_UNPACKED } = options;
  let bytes = new Uint8Array(PIECE);
  let size = 0;
  for (;;) {
    const count = readWaiting(file, bytes.subarray(size));
    if (count === 0) break;
    size += count;
    if (size > limit) throw new EndlessStreamError(limit);
    if (size === bytes.length) {
      const longer = new Uint8Array(size * 2);
      longer.set(bytes);
      bytes = longer;
    }
  }
  const all = bytes.subarray(0, size);
  if (!isGzip(all)) return all;
  refuseOthers(all, options);
  return gunzip(all, limit);
}

/** Reads what there is, waiting where the pipe does not. */
function readWaiting(file: number, room: Uint8Array): number {
  for (;;) {
    try {
      return readSync(file, room, 0, room.length, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function startOf(file: number): Uint8Array {
  const start = new Uint8Array(START_SIZE);
  return start.subarray(0, readSync(file, start, 0, START_SIZE, 0));
}

function unpacked(file: number, start: Uint8Array, options: FileSourceOptions): Uint8Array {
  const { limit = MAX_UNPACKED } = options;
  refuseOthers(start, options);
  // What is larger packed is larger unpacked, give or take a block's header; it need not even be read.
  if (fstatSync(file).size > limit + limit / 1024) throw tooLarge(limit);
  return gunzip(readFileSync(file), limit);
}

/** @throws GunzipError when packed data begins with something else than is wanted */
function refuseOthers(packed: Uint8Array, { wanted }: FileSourceOptions): void {
  if (wanted === undefined || wanted.accepts(gunzipStart(packed))) return;
  throw new GunzipError(`the gzip file holds no ${wanted.name}`);
}

function fileSource(file: number): FileSource {
  const size = fstatSync(file).size;
  let ahead = new Uint8Array(0);
  let aheadStart = 0;
  const readInto = (offset: number, bytes: Uint8Array): number => {
    const wanted = Math.max(0, Math.min(bytes.length, size - offset));
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(file, bytes, filled, wanted - filled, offset + filled);
      // The file became shorter while it is read.
      if (count === 0) break;
      filled += count;
    }
    return filled;
  };
  const readAt = (offset: number, length: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    const filled = readInto(offset, bytes);
    return filled === bytes.length ? bytes : bytes.slice(0, filled);
  };
  const read = (offset: number, length: number): Uint8Array => {
    if (length >= READ_AHEAD) return readAt(offset, length);
    if (offset < aheadStart || offset + length > aheadStart + ahead.length) {
      ahead = readAt(offset, READ_AHEAD);
      aheadStart = offset;
    }
    return ahead.subarray(offset - aheadStart, offset - aheadStart + length);
  };
  return { size, read, readInto, close: () => closeSync(file) };
}
