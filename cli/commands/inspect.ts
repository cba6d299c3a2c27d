/** `bpfkit inspect`: what is in an object file, and what tracing can use of a user's program or library. */

import { realpathSync, statSync } from 'node:fs';
import { openElf } from '../../bpf/elf/file.ts';
import { readObject } from '../../bpf/elf/object/read.ts';
import { describeBinary, openBinary } from '../../bpf/elf/user/index.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { ScriptData } from '../../compiler/object/script-data.ts';
import { withScript } from '../../compiler/object/script-file.ts';
import { nodeBinaryPorts } from '../../runtime/node/binary-ports.ts';
import { type FileSource, openFileSource } from '../../runtime/node/file-source.ts';
import { GunzipError } from '../../runtime/node/gunzip.ts';
import { loadXz } from '../../runtime/node/xz.ts';
import { reason, resolvePath } from '../files.ts';
import { describeFunctions, isUserBinary } from '../inspect/binary.ts';
import { binaryText, functionsText } from '../inspect/binary-text.ts';
import { describeObject } from '../inspect/describe.ts';
import { listingText } from '../inspect/listing.ts';
import { descriptionText } from '../inspect/text.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';

export interface InspectFlags {
  readonly json?: boolean;
  readonly disasm?: boolean;
}

/** One of several objects that are still to be linked can be looked at too. */
const UNLINKED = { unlinked: true };

/** `names` are of a user binary's functions. */
export async function inspect(
  file: string,
  names: readonly string[],
  flags: InspectFlags,
  io: CliIo,
): Promise<number> {
  const source = open(file, io);
  try {
    if (isUserBinary(readable(file, () => openElf(source)))) {
      return await inspectBinary({ file, source, names }, flags, io);
    }
    if (names.length > 0) {
      throw new CliError(`names are for programs and libraries, and '${file}' is an object file`);
    }
    return inspectObject(file, source.read(0, source.size), flags, io);
  } finally {
    source.close();
  }
}

function open(file: string, io: CliIo): FileSource {
  try {
    return openFileSource(resolvePath(file, io));
  } catch (error) {
    const what = error instanceof GunzipError ? 'decompress' : 'open file';
    throw new CliError(`Failed to ${what} '${file}': ${reason(error)}`, undefined, { cause: error });
  }
}

interface OpenedBinary {
  readonly file: string;
  readonly source: FileSource;
  readonly names: readonly string[];
}

async function inspectBinary(
  { file, source, names }: OpenedBinary,
  flags: InspectFlags,
  io: CliIo,
): Promise<number> {
  if (flags.disasm === true) throw new CliError(`-d shows BPF code, and '${file}' has another machine's`);
  const path = resolvePath(file, io);
  // Debugging information lies beside the file, not beside links to it. A pipe is nowhere.
  const place = statSync(path).isFile() ? { path: realpathSync(path) } : {};
  const xz = await loadXz();
  const binary = openBinary(source, nodeBinaryPorts({ ...place, ...(xz === undefined ? {} : { xz }) }));
  const functions = names.length === 0 ? undefined : describeFunctions(binary, names, file);
  const description = functions === undefined ? describeBinary(binary) : undefined;
  const problems = [...binary.warnings, ...(binary.dwarf?.problems ?? []).map((one) => one.message)];
  for (const message of problems) io.stderr(`WARNING: ${file}: ${message}\n`);
  if (flags.json === true)
    io.stdout(`${JSON.stringify({ file, ...(description ?? { functions }) }, undefined, 2)}\n`);
  else if (description !== undefined) io.stdout(binaryText(file, description));
  else io.stdout(functionsText(functions ?? []));
  return EXIT.ok;
}

/** A script section that cannot be read is told, and the rest of the object shown. */
function inspectObject(file: string, bytes: Uint8Array, flags: InspectFlags, io: CliIo): number {
  const { object, warnings } = readable(file, () => readObject(bytes, file, UNLINKED));
  for (const message of warnings) io.stderr(`WARNING: ${file}: ${message}\n`);
  let script: ScriptData | undefined;
  let exitCode: number = EXIT.ok;
  let listed = object;
  try {
    const content = withScript(bytes, { object, warnings });
    script = content.script;
    // The script's own text is whole; line info has single lines only.
    listed = content.object;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    io.stderr(`ERROR: ${file}: ${error.message}\n`);
    exitCode = EXIT.refused;
  }
  const description = readable(file, () => describeObject(bytes, object, script));
  if (flags.json === true) io.stdout(`${JSON.stringify(description, undefined, 2)}\n`);
  else if (flags.disasm === true) io.stdout(listingText(listed));
  else io.stdout(descriptionText(description));
  return exitCode;
}

function readable<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CliError(`Cannot read the object '${file}': ${error.message}`, EXIT.refused, { cause: error });
  }
}
