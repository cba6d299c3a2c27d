/** This machine's kernel on scripts of map commands, see `maprun.c`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Possible CPUs: per-CPU values have a copy for each. */
export function possibleCpus(): number {
  const possible = readFileSync('/sys/devices/system/cpu/possible', 'utf8').trim();
  return Number(possible.split('-').at(-1)) + 1;
}

export class MapKernel {
  readonly #folder: string;
  readonly #binary: string;
  readonly cpus: number = possibleCpus();

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'maprun-'));
    this.#binary = join(this.#folder, 'maprun');
    execFileSync('gcc', ['-O1', '-o', this.#binary, join(import.meta.dirname, 'maprun.c')]);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One answer for each line. */
  run(script: readonly string[]): readonly string[] {
    const input = script.map((line) => `${line}\n`).join('');
    const output = execFileSync(this.#binary, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    return output.trimEnd().split('\n');
  }
}
