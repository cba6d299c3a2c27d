/** Runs the command line in-process and keeps what it prints. */
import { fileURLToPath } from 'node:url';
import type { CliIo } from '../../cli/io.ts';
import { runCli } from '../../cli/main.ts';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function cli(argv: readonly string[], io: Partial<CliIo> = {}): Promise<CliResult> {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const keep =
    (list: Uint8Array[]) =>
    (chunk: Uint8Array | string): void => {
      list.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk.slice());
    };
  const code = await runCli(argv, { cwd: root, env: {}, stdout: keep(out), stderr: keep(err), ...io });
  return { code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') };
}
