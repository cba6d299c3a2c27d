/** Ties a command to this process: its streams, signals and environment. */
import { createReadStream, readFileSync } from 'node:fs';
import type { CliIo } from './io.ts';
import { runCli } from './main.ts';
import { writeAll } from './write-all.ts';

function writeOut(fd: number, chunk: Uint8Array | string): void {
  const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
  try {
    writeAll(fd, bytes, fd === 1 ? 'standard output' : 'standard error');
  } catch (error) {
    const { code } = (error as Error).cause as NodeJS.ErrnoException;
    // The reader has gone (`| head`), or errors have nowhere to go: there is nobody left to tell.
    if (code === 'EPIPE') process.exit(0);
    if (fd === 2) process.exit(1);
    throw error;
  }
}

/**
 * Runs one command line and returns its exit code. Once a session watches for them, the first signal ends it cleanly and a
 * second one at once; until then, and in commands that only read and print, a signal ends the process as any other.
 */
export async function runProcess(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  // Code that runs on end without a pause never hears a handler, and the handler keeps the signal from ending it.
  const watch = (): AbortSignal => {
    if (process.listeners('SIGINT').includes(onSignal)) return stop.signal;
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    return stop.signal;
  };
  const io: CliIo = {
    stdin: async () => readFileSync(0, 'utf8'),
    stdinChunks: () =>
      createReadStream('', { fd: 0, encoding: 'utf8', autoClose: false }) as AsyncIterable<string>,
    stdout: (chunk) => writeOut(1, chunk),
    stderr: (chunk) => writeOut(2, chunk),
    env: process.env,
    // Node's streams take milliseconds to set up, and most runs need not know.
    get terminal() {
      return { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true };
    },
    get signal() {
      return watch();
    },
    onSelfSignal: (handler) => {
      process.on('SIGUSR1', handler);
      return () => process.off('SIGUSR1', handler);
    },
  };
  try {
    return await runCli(args, io);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
