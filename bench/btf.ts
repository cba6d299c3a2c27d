/**
 * Opening a kernel's types and laying out `task_struct`, against `bpftool btf dump`, which has the struct and all it needs
 * written as C: a whole process each, and inside ours the part after decompression.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { measureCommands, median } from './measure.ts';

const GIVEN = resolve(import.meta.dirname, '../../shared/data/linux-6.1/vmlinux.btf.gz');
const ROUNDS = 9;
const self = fileURLToPath(import.meta.url);

/** What one process measured of itself. */
interface Inside {
  readonly open: number;
  readonly layout: number;
  readonly members: number;
  readonly heap: number;
}

/** With a file: BTF, gzipped or not. Otherwise the recorded kernel's, or this machine's. */
export async function run(options: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  const file = options.args[0] ?? (existsSync(GIVEN) ? GIVEN : '/sys/kernel/btf/vmlinux');
  const folder = mkdtempSync(join(tmpdir(), 'bpfkit-bench-'));
  const plain = join(folder, 'vmlinux.btf');
  const bytes = readFileSync(file);
  writeFileSync(plain, file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  const inside = Array.from({ length: ROUNDS }, () => measureInside(plain));
  const middle = (pick: (one: Inside) => number): number => median(inside.map(pick));
  const commands = measureCommands(
    [
      { name: 'bpftool btf dump file', argv: ['bpftool', 'btf', 'dump', 'file', plain] },
      { name: 'bpftool … format c', argv: ['bpftool', 'btf', 'dump', 'file', plain, 'format', 'c'] },
      { name: 'node -e 0', argv: [process.execPath, '-e', '0'] },
      { name: 'open and lay out', argv: [process.execPath, self, plain] },
    ],
    ROUNDS,
  );
  rmSync(folder, { recursive: true });
  const peer = commands[0]!;
  const result = {
    file,
    peer: peer.name,
    openMs: middle((one) => one.open),
    layoutMs: middle((one) => one.layout),
    heapMiB: middle((one) => one.heap),
    rows: commands.map((row) => ({
      name: row.name,
      ratio: row.ms / peer.ms,
      ms: row.ms,
      peakMiB: row.peakMiB,
    })),
  };
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  process.stdout.write(`${file}\n  open ${result.openMs.toFixed(1)} ms, find and lay out task_struct `);
  process.stdout.write(
    `${result.layoutMs.toFixed(1)} ms, heap and buffers ${result.heapMiB.toFixed(1)} MiB\n`,
  );
  for (const { name, ratio, ms, peakMiB } of result.rows) {
    const peak = `peak ${peakMiB.toFixed(0)} MiB`;
    process.stdout.write(`  ${name.padEnd(24)} ${ratio.toFixed(2)}x  ${ms.toFixed(0)} ms  ${peak}\n`);
  }
}

function measureInside(file: string): Inside {
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', self, file], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Inside;
}

/** Beside the file's own bytes, garbage included. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

async function measureHere(file: string): Promise<Inside> {
  const { readBtf } = await import('../bpf/btf/read.ts');
  const { layoutOf } = await import('../bpf/btf/layout.ts');
  const bytes: Uint8Array = readFileSync(file);
  globalThis.gc?.();
  const before = memory();
  const started = performance.now();
  const btf = readBtf(bytes);
  const opened = performance.now();
  const layout = layoutOf(btf, btf.find('task_struct', 'struct')!)!;
  const done = performance.now();
  return {
    open: opened - started,
    layout: done - opened,
    members: layout.fields.length,
    heap: memory() - before,
  };
}

if (process.argv[1] === self) process.stdout.write(JSON.stringify(await measureHere(process.argv[2]!)));
