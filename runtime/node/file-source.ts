/** Files as byte sources: read where asked, never as a whole; gzipped files (`.gz`) are unpacked into memory. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type ByteSource, memorySource } from '../recording/byte-source.ts';

export interface FileSource extends ByteSource {
  close(): void;
}

/** Metadata is read a few bytes at a time; one system call fetches this much. */
const READ_AHEAD = 64 * 1024;
/** A gzipped recording larger than this is to be unpacked by its owner. */
const MAX_UNPACKED = 2 ** 31;

/** @throws the file system's error, or zlib's when a gzip file is damaged */
export function openFileSource(path: string): FileSource {
  const file = openSync(path, 'r');
  try {
    if (isGzip(file)) {
      const unpacked = gunzipSync(readFileSync(file), { maxOutputLength: MAX_UNPACKED });
      const source = memorySource(new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.length));
      closeSync(file);
      return { size: source.size, read: source.read, close: () => {} };
    }
    return fileSource(file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function isGzip(file: number): boolean {
  const start = new Uint8Array(2);
  return readSync(file, start, 0, 2, 0) === 2 && start[0] === 0x1f && start[1] === 0x8b;
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
