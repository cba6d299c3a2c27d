/**
 * Bounds what decompression may hold at once. A few bytes of a hostile file can claim gigabytes; a real recording's
 * symbols and formats compress about five to one, and its event pages are decompressed chunk by chunk.
 */
import { RecordingError } from './recording-error.ts';

/** Small files may expand more: their few events come with a whole kernel's symbols. */
const FLOOR = 16 * 1024 * 1024;
const FILES = 4;

export class MemoryBudget {
  private free: number;

  constructor(fileSize: number) {
    this.free = Math.max(FILES * fileSize, FLOOR);
  }

  /** @throws RecordingError when `size` bytes more would pass the bound */
  take(size: number, section: string, offset: number): void {
    if (size > this.free)
      throw new RecordingError(section, offset, `${size} decompressed bytes are too many for this file`);
    this.free -= size;
  }

  release(size: number): void {
    this.free += size;
  }
}
