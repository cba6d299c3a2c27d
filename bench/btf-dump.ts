/**
 * A kernel's types as C: `bpfkit btf FILE` against `bpftool btf dump file FILE format c`, whole processes, on the bundle that
 * users run. `npm run bench -- btf-dump [FILE]`; without a file this kernel's own types.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { type Command, measureCommands } from './measure.ts';

const ROOT: string = join(import.meta.dirname, '..');
const RUNNING = '/sys/kernel/btf/vmlinux';
const ROUNDS = 11;

export async function run(options: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  const file = options.args[0] ?? RUNNING;
  if (!existsSync(file) || spawnSync('bpftool', ['version']).error !== undefined) {
    process.stdout.write(`btf-dump: skipped, it needs bpftool and ${file}\n`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bpfkit-bench-'));
  try {
    await bundle(folder);
    report(file, join(folder, 'bin.mjs'), options.json);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bundle(folder: string): Promise<void> {
  const build = await rolldown({
    input: { bin: join(ROOT, 'cli/bin.ts') },
    platform: 'node',
    external: [/^node:/],
  });
  await build.write({ dir: folder, format: 'esm', minify: true, entryFileNames: '[name].mjs' });
  await build.close();
}

function report(file: string, bin: string, json: boolean): void {
  const ours = (name: string, ...flags: readonly string[]): Command => ({
    name,
    argv: [process.execPath, bin, 'btf', file, ...flags],
  });
  const [peer, ...rows] = measureCommands(
    [
      { name: 'bpftool, all as C', argv: ['bpftool', 'btf', 'dump', 'file', file, 'format', 'c'] },
      ours('all as C'),
      ours('task_struct', 'task_struct'),
      ours('task_struct with what it needs', 'task_struct', '--deps'),
      ours('layout of task_struct', 'task_struct', '--layout'),
      { name: 'bare node', argv: [process.execPath, '-e', '0'] },
    ],
    ROUNDS,
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ peer, rows })}\n`);
    return;
  }
  process.stdout.write(`against ${peer!.name}: ${peer!.ms.toFixed(0)} ms, ${peer!.peakMiB.toFixed(0)} MiB\n`);
  for (const { name, ms, peakMiB } of rows) {
    const ratio = (ms / peer!.ms).toFixed(2);
    process.stdout.write(`  ${name.padEnd(34)} ${ratio} x  ${ms.toFixed(0)} ms, ${peakMiB.toFixed(0)} MiB\n`);
  }
}
