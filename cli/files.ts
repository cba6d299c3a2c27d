/** Reading the files a command line names. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Source } from '../bpf/span.ts';
import { gunzip, isGzip } from '../runtime/node/gunzip.ts';
import { CliError, type CliIo } from './io.ts';

/** Nobody writes a script or a program larger than this. */
const MAX_UNPACKED: number = 64 * 2 ** 20;

/** The file system's reason in errno's words. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'No such file or directory';
  if (code === 'EACCES') return 'Permission denied';
  if (code === 'EISDIR') return 'Is a directory';
  if (code === 'ENOSPC') return 'No space left on device';
  return error instanceof Error ? error.message : String(error);
}

export function resolvePath(path: string, io: CliIo): string {
  return resolve(io.cwd ?? process.cwd(), path);
}

/** Do two paths lead to one file that is there? */
export function isSameFile(a: string, b: string, io: CliIo): boolean {
  try {
    const [one, other] = [statSync(resolvePath(a, io)), statSync(resolvePath(b, io))];
    return one.ino === other.ino && one.dev === other.dev;
  } catch {
    return false;
  }
}

/** A file's bytes; gzip is undone where the bytes say so. */
export function readBytes(path: string, io: CliIo): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolvePath(path, io));
  } catch (error) {
    throw new CliError(`Failed to open file '${path}': ${reason(error)}`, undefined, { cause: error });
  }
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzip(bytes, MAX_UNPACKED);
  } catch (error) {
    throw new CliError(`Failed to decompress '${path}': ${reason(error)}`, undefined, { cause: error });
  }
}

/** The script: `-e` text, a file, or `-` for standard input. */
export async function readScript(
  file: string | undefined,
  inline: string | undefined,
  io: CliIo,
): Promise<Source> {
  if (inline !== undefined) return { name: 'stdin', text: inline };
  if (file === undefined) throw new CliError("Filename or -e 'program' required. See bpfkit --help.");
  if (file === '-') {
    const text = typeof io.stdin === 'function' ? await io.stdin() : (io.stdin ?? '');
    return { name: 'stdin', text };
  }
  if (isObjectFile(file, io)) {
    throw new CliError(
      `'${file}' is an object file and no script: bpfkit inspect shows it, bpfkit run runs it`,
    );
  }
  return { name: file, text: new TextDecoder().decode(readBytes(file, io)) };
}

/** True for an ELF file; false also when it cannot be read, which the reader of a script will tell. */
export function isObjectFile(path: string, io: CliIo): boolean {
  const magic = new Uint8Array(4);
  try {
    const fd = openSync(resolvePath(path, io), 'r');
    try {
      readSync(fd, magic, 0, 4, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
  return magic[0] === 0x7f && magic[1] === 0x45 && magic[2] === 0x4c && magic[3] === 0x46;
}
