/** `bpfkit link`: several objects into one. */
import { LinkError, linkObjects } from '../../bpf/elf/link/index.ts';
import { FormatError } from '../../bpf/format-error.ts';
import { readBytes } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { writeOutput } from '../output.ts';

export interface LinkFlags {
  readonly o: string;
}

export async function link(files: readonly string[], flags: LinkFlags, io: CliIo): Promise<number> {
  const inputs = files.map((name) => ({ name, bytes: readBytes(name, io) }));
  try {
    const { bytes, warnings } = linkObjects(inputs);
    for (const message of warnings) io.stderr(`WARNING: ${message}\n`);
    writeOutput(flags.o, bytes, io);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof LinkError || error instanceof FormatError)) throw error;
    throw new CliError(`Cannot link: ${error.message}`, EXIT.refused, { cause: error });
  }
}
