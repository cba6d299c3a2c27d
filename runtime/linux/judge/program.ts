/** The judge's C program, built with the system's C compiler when first needed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** There is no judge here; the message says what is missing. */
export class JudgeUnavailable extends Error {
  override readonly name = 'JudgeUnavailable';
}

/** Why Linux cannot be asked here, or undefined. */
export function judgeProblem(): string | undefined {
  if (process.platform !== 'linux') return `this system is ${process.platform}, not Linux`;
  if (process.getuid?.() !== 0) return 'loading BPF programs needs root';
  if (compiler() === undefined)
    return 'the judge is a small C program, and there is no C compiler (cc) to build it';
  return undefined;
}

/** Path of the program; built once a version of `source`, into a folder only this user can write to. */
export function buildJudge(source: string): string {
  const cc = compiler();
  if (cc === undefined) throw new JudgeUnavailable('there is no C compiler (cc)');
  const name = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const folder = join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? tmpdir(), '.cache'), 'bpfkit');
  const path = join(folder, `bpfjudge-${name}`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const scratch = mkdtempSync(join(folder, 'build-'));
  try {
    const built = join(scratch, 'bpfjudge');
    try {
      // Static, so that the same program runs in a guest that has no libraries.
      execFileSync(cc, ['-O2', '-static', '-o', built, source], { stdio: 'pipe' });
    } catch {
      execFileSync(cc, ['-O2', '-o', built, source], { stdio: 'pipe' });
    }
    renameSync(built, path);
  } catch (error) {
    throw new JudgeUnavailable(`${cc} cannot build the judge: ${(error as Error).message}`, { cause: error });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return path;
}

function compiler(): string | undefined {
  for (const name of ['cc', 'gcc', 'clang']) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return name;
    } catch {
      // The next one.
    }
  }
  return undefined;
}
