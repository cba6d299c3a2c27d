/**
 * Pieces of the file in memory, the last used ones, whatever the file's size. Records are read one after the other and
 * looked up again a little later when their turn comes by time, so most look-ups hit the same windows.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';

/** Bytes of one window: a record may be 64 KiB. */
const WINDOW_SIZE = 256 * 1024;
const MAX_WINDOWS = 32;

/** A piece of memory with records in it. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

interface Window extends Memory {
  readonly start: number;
  readonly end: number;
}

export class FileWindows {
  /** What {@link locate} found. */
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  offset = 0;
  readonly #source: ByteSource;
  /** The last used one first. */
  readonly #windows: Window[] = [];

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Brings `length` bytes from `position` into memory; false when the file has no so many. */
  locate(position: number, length: number): boolean {
    const window = this.#find(position, length) ?? this.#read(position);
    if (position + length > window.end) return false;
    this.bytes = window.bytes;
    this.view = window.view;
    this.offset = position - window.start;
    return true;
  }

  #find(position: number, length: number): Window | undefined {
    const windows = this.#windows;
    for (let index = 0; index < windows.length; index++) {
      const window = windows[index]!;
      if (position < window.start || position + length > window.end) continue;
      if (index > 0) {
        windows.splice(index, 1);
        windows.unshift(window);
      }
      return window;
    }
    return undefined;
  }

  #read(position: number): Window {
    const bytes = this.#source.read(position, WINDOW_SIZE);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const window = { bytes, view, start: position, end: position + bytes.length };
    if (this.#windows.length >= MAX_WINDOWS) this.#windows.pop();
    this.#windows.unshift(window);
    return window;
  }
}
