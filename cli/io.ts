/** What a command may touch of the process around it; tests hand in their own. */

export interface CliIo {
  /** Standard input as text, for `-`. */
  readonly stdin?: string | (() => Promise<string>);
  /** The same as it comes, for commands that answer line by line. */
  readonly stdinChunks?: () => AsyncIterable<string>;
  readonly stdout: (chunk: Uint8Array | string) => void;
  readonly stderr: (chunk: Uint8Array | string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Which streams are terminals: colours and the progress bar. */
  readonly terminal?: { readonly stdout: boolean; readonly stderr: boolean };
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal?: AbortSignal;
  /** Calls back at each SIGUSR1; gives what ends that. */
  readonly onSelfSignal?: (handler: () => void) => () => void;
}

/** A refusal with an exit code: wrong usage, a file that cannot be read. Its message is the user's text. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Exit codes, as bpftrace's where it has one. */
export const EXIT = {
  ok: 0,
  /** Wrong usage, a script with errors, an unreadable file. */
  refused: 1,
  /** A bug of ours. */
  internal: 2,
  /** Loading or attaching failed. Also the session's own code when a program ran without an end. */
  attach: 255,
} as const;
