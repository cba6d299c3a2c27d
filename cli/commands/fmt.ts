/** `bpfkit fmt` and `--fmt`: scripts laid out anew, to standard output or in place. */
import { readFileSync } from 'node:fs';
import type { Source } from '../../bpf/span.ts';
import { format } from '../../compiler/fmt/format.ts';
import { readScript, resolvePath } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { writeOutputFile } from '../output.ts';
import { render } from '../render.ts';

export interface FmtFlags {
  readonly e?: string;
  readonly write?: boolean;
  readonly check?: boolean;
}

export async function fmt(files: readonly string[], flags: FmtFlags, io: CliIo): Promise<number> {
  checkFlags(files, flags);
  let code: number = EXIT.ok;
  for (const file of flags.e === undefined ? files : [undefined]) {
    const source = await readScript(file, flags.e, io);
    if (!formatOne(source, flags, io)) code = EXIT.refused;
  }
  return code;
}

function checkFlags(files: readonly string[], { e, write, check }: FmtFlags): void {
  if (e !== undefined && files.length > 0) throw new CliError("Use either files or -e 'program'");
  if (e === undefined && files.length === 0)
    throw new CliError("Filenames, - or -e 'program' required. See bpfkit fmt --help.");
  if (write === true && check === true) throw new CliError('Cannot use both -w and --check.');
  if (write === true && (e !== undefined || files.includes('-')))
    throw new CliError('-w changes files: leave it out to print the result');
}

/** False when the script cannot be read, or is not formatted and that was the question. */
function formatOne(source: Source, { write, check }: FmtFlags, io: CliIo): boolean {
  const { text, diagnostics } = format(source);
  if (text === undefined) {
    io.stderr(render(diagnostics, [source], io));
    return false;
  }
  if (check === true) {
    if (text === source.text) return true;
    io.stdout(`${source.name}\n`);
    return false;
  }
  if (write !== true) io.stdout(text);
  else if (text !== source.text) writeBack(source, text, io);
  return true;
}

/** Text that is not UTF-8 was read with losses: such a file is left alone. */
function writeBack({ name, text: before }: Source, text: string, io: CliIo): void {
  const bytes = readFileSync(resolvePath(name, io));
  if (!bytes.equals(Buffer.from(before)))
    throw new CliError(`'${name}' is not UTF-8 text: it was left as it is`);
  writeOutputFile(name, new TextEncoder().encode(text), io);
}
