/** What every command is given, and how it is added to the command line. */
import type { Command } from 'commander';
import type { CliIo } from './io.ts';

export interface CommandContext {
  readonly argv: readonly string[];
  readonly io: CliIo;
  /** Takes the exit code of the command that ran. */
  readonly exit: (code: number) => void;
}

export type AddCommand = (program: Command, context: CommandContext) => void;
