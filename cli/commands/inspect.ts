/** `bpfkit inspect`: what is in an object file. */

import { readObject } from '../../bpf/elf/object/read.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { ScriptData } from '../../compiler/object/script-data.ts';
import { readScriptFile } from '../../compiler/object/script-file.ts';
import { readBytes } from '../files.ts';
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

/** A script section that cannot be read is told, and the rest of the object shown. */
export async function inspect(file: string, flags: InspectFlags, io: CliIo): Promise<number> {
  const bytes = readBytes(file, io);
  const { object, warnings } = readable(file, () => readObject(bytes, file, UNLINKED));
  for (const message of warnings) io.stderr(`WARNING: ${file}: ${message}\n`);
  let script: ScriptData | undefined;
  let exitCode: number = EXIT.ok;
  let listed = object;
  try {
    const content = readScriptFile(bytes, file, UNLINKED);
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
