/** `runCli`: one command line in, one exit code out. Commands load their rooms only when they run. */
import { CommanderError } from 'commander';
import { FormatError } from '../bpf/format-error.ts';
import { CliError, type CliIo, EXIT } from './io.ts';
import { buildProgram } from './program.ts';

/**
 * Words that commander would take for others: bpftrace's habit of gluing `v` to `-l`, where it would see a pattern, and
 * `--no-lint NAMES`, where it would see a flag without a value.
 */
function respell(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((arg, index) => {
    if (end >= 0 && index > end) return [arg];
    if (arg === '-lv' || arg === '-vl') return ['-v', '-l'];
    return [arg.replace(/^--no-lint(?==|$)/, '--without-lint')];
  });
}

/** Runs a command. Never rejects: faults become a message and exit code 2. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = buildProgram(argv, io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(respell(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.refused;
    if (error instanceof CliError) {
      io.stderr(`ERROR: ${error.message}\n`);
      return error.exitCode;
    }
    // A file's damage may show long after it was opened.
    if (error instanceof FormatError) {
      io.stderr(`ERROR: ${error.message}\n`);
      return EXIT.refused;
    }
    io.stderr(
      `ERROR: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return EXIT.internal;
  }
}
