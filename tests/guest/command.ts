/**
 * Running a program of the host and waiting for it. Everything the harness starts goes through here, so that a
 * failure always names the command, how it ended and what it last said.
 */
import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the child is killed; default 120 000. */
  readonly timeout?: number;
  /** Exit codes that count as success; default only 0. */
  readonly accept?: readonly number[];
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program could not be started, was killed, or ended with a code that was not accepted. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const TAIL_LINES = 15;

/** Runs `program` with `args`; the sbin folders are searched too, since mke2fs and debugfs live there. */
export function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { timeout = 120_000, accept = [0] } = options;
  const env = { ...process.env, ...options.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  const title = [program, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (cause) =>
      reject(new CommandError(`cannot start ${program}: ${cause.message}`, { cause })),
    );
    child.on('close', (code, signal) => {
      const result = { code: code ?? -1, stdout: text(stdout), stderr: text(stderr) };
      if (code !== null && accept.includes(code)) return resolve(result);
      const end =
        signal === null ? `ended with code ${code}` : `was killed by ${signal} (limit ${timeout} ms)`;
      reject(new CommandError(`${title}\n${end}\n${tail(result.stderr || result.stdout)}`));
    });
  });
}

/** The last lines of a log, which are the ones that say what went wrong. */
export function tail(log: string, lines: number = TAIL_LINES): string {
  return log.trimEnd().split('\n').slice(-lines).join('\n');
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
