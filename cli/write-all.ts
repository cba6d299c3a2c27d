/** Writing to a file descriptor. */
import { writeSync } from 'node:fs';
import { reason } from './files.ts';
import { CliError } from './io.ts';

/**
 * Writes all of a chunk before returning, so that nothing is lost at exit; a full pipe is waited for. `name` is for the
 * message. @throws CliError, whose cause is the file system's error
 */
export function writeAll(fd: number, bytes: Uint8Array, name: string): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        throw new CliError(`Failed to write to ${name}: ${reason(error)}`, undefined, { cause: error });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
