/** Files as byte sources: read where asked, never as a whole; gzipped files (`.gz`) are unpacked into memory. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type ByteSource, memorySource } from '../../bpf/byte-source.ts';
import { GunzipError, gunzip, gunzipStart, isGzip, MAX_UNPACKED, START_SIZE, tooLarge } from './gunzip.ts';

export interface FileSource extends ByteSource {
  close(): void;
}

/** Metadata is read a few bytes at a time; one system call fetches this much. */
const READ_AHEAD = 64 * 1024;

export interface FileSourceOptions {
  /** What a gzipped file must hold: its beginning is looked at before the rest is unpacked. */
  readonly wanted?: { readonly name: string; readonly accepts: (start: Uint8Array) => boolean };
  /** Bytes a gzipped file may unpack to: {@link MAX_UNPACKED} when not given. */
  readonly limit?: number;
}

/** @throws the file system's error, or a GunzipError when a gzip file is damaged, too large or not the wanted one */
export function openFileSource(path: string, options: FileSourceOptions = {}): FileSource {
  const file = openSync(path, 'r');
  try {
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

function startOf(file: number): Uint8Array {
  const start = new Uint8Array(START_SIZE);
  return start.subarray(0, readSync(file, start, 0, START_SIZE, 0));
}

function unpacked(file: number, start: Uint8Array, options: FileSourceOptions): Uint8Array {
  const { wanted, limit = MAX_UNPACKED } = options;
  if (wanted !== undefined && !wanted.accepts(gunzipStart(start))) {
    throw new GunzipError(`the gzip file holds no ${wanted.name}`);
  }
  // What is larger packed is larger unpacked, give or take a block's header; it need not even be read.
  if (fstatSync(file).size > limit + limit / 1024) throw tooLarge(limit);
  return gunzip(readFileSync(file), limit);
}

function fileSource(file: number): FileSource {
  const size = fstatSync(file).size;
  let ahead = new Uint8Array(0);
  let aheadStart = 0;
  const readAt = (offset: number, length: number): Uint8Array<ArrayBuffer> => {
    const wanted = Math.max(0, Math.min(length, size - offset));
    const bytes = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(file, bytes, filled, wanted - filled, offset + filled);
      // The file became shorter while it is read.
      if (count === 0) break;
      filled += count;
    }
    return filled === wanted ? bytes : bytes.slice(0, filled);
  };
  const read = (offset: number, length: number): Uint8Array => {
    if (length >= READ_AHEAD) return readAt(offset, length);
    if (offset < aheadStart || offset + length > aheadStart + ahead.length) {
      ahead = readAt(offset, READ_AHEAD);
      aheadStart = offset;
    }
    return ahead.subarray(offset - aheadStart, offset - aheadStart + length);
  };
  return { size, read, close: () => closeSync(file) };
}
