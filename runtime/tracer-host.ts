/**
 * `TracerHost`: the machine that the tracer itself runs on, where `cat()` reads and `system()` runs commands. It is never
 * the traced machine when that one is simulated or recorded.
 */

/** The bytes, or why there are none. */
export type HostResult = { readonly bytes: Uint8Array } | { readonly problem: string };

export interface TracerHost {
  /** The first `limit` bytes of a file. */
  readFile(path: string, limit: number): HostResult;
  /** Writes bytes to a file, behind what is there unless it is to begin anew; the problem, if any. */
  writeFile(path: string, bytes: Uint8Array, how: 'anew' | 'append'): string | undefined;
  /** What a command of the shell writes to its standard output; its standard error is the tracer's. */
  run(command: string): HostResult;
}
