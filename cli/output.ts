/** What `-o` names: the result stream of a run, buffered, to stdout or to a file; and files written as a whole. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { type ByteString, bytesOf } from '../runtime/output/byte-string.ts';
import { reason, resolvePath } from './files.ts';
import { CliError, type CliIo } from './io.ts';
import { writeAll } from './write-all.ts';

export type Buffering = 'line' | 'full' | 'none';

export interface ResultStream {
  write(text: ByteString): void;
  /** Called between pumps: whatever may wait no longer goes out. */
  tick(): void;
  close(): void;
}

const LIMIT = 1 << 16;

/** `none` writes at once; `line` at each pause of the world; `full` only when 64 KiB are waiting. */
export function openResults(io: CliIo, file: string | undefined, buffering: Buffering): ResultStream {
  const target = file === undefined ? undefined : openTarget(file, io);
  let waiting: string[] = [];
  let size = 0;
  const flush = (): void => {
    if (size === 0) return;
    const bytes = bytesOf(waiting.join(''));
    waiting = [];
    size = 0;
    if (target === undefined) io.stdout(bytes);
    else writeAll(target, bytes, `'${file}'`);
  };
  return {
    write(text: ByteString): void {
      waiting.push(text);
      size += text.length;
      if (buffering === 'none' || size >= LIMIT) flush();
    },
    tick(): void {
      if (buffering !== 'full') flush();
    },
    close(): void {
      flush();
      if (target !== undefined) closeSync(target);
    },
  };
}

function openTarget(file: string, io: CliIo): number {
  try {
    return openSync(resolvePath(file, io), 'w');
  } catch (error) {
    throw new CliError(`Failed to open output file '${file}': ${reason(error)}`, undefined, { cause: error });
  }
}

/** Writes a file; `-` is standard output. */
export function writeOutput(path: string, bytes: Uint8Array, io: CliIo): void {
  if (path === '-') io.stdout(bytes);
  else writeOutputFile(path, bytes, io);
}

/** Writes a file, whatever its name. @throws CliError */
export function writeOutputFile(path: string, bytes: Uint8Array, io: CliIo): void {
  try {
    writeFileSync(resolvePath(path, io), bytes);
  } catch (error) {
    throw new CliError(`Failed to write '${path}': ${reason(error)}`, undefined, { cause: error });
  }
}
