/**
 * Reading a perf.data file whole against `perf script > /dev/null` on it: a count of system calls by name as a whole process,
 * and the bare reader within one that is warm. `npm run bench -- perf-data [FILE]`; without one, the largest of tests/data.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { nodeDecompressor } from '../runtime/node/decompressor.ts';
import { openFileSource } from '../runtime/node/file-source.ts';
import { openPerfData } from '../runtime/recording/perf-data/index.ts';
import { type Command, measureCommands, median } from './measure.ts';

const bin = fileURLToPath(new URL('../dist/bin/bpfkit.js', import.meta.url));
const recording = fileURLToPath(new URL('../tests/data/perf-data/lost.data.gz', import.meta.url));
const SCRIPT = 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }';
const ROUNDS = 7;
const WARM_UP = 5;

interface Row {
  readonly name: string;
  readonly ms: number;
}

export async function run(options: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  if (spawnSync('perf', ['--version']).status !== 0) {
    process.stdout.write('perf-data: skipped, perf is not installed (Debian package linux-perf)\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-perf-data-'));
  try {
    measure(plainFile(options.args[0] ?? recording, folder), options.json);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** perf reads no gzip files. */
function plainFile(path: string, folder: string): string {
  if (!path.endsWith('.gz')) return path;
  const plain = join(folder, 'perf.data');
  writeFileSync(plain, gunzipSync(readFileSync(path)));
  return plain;
}

function measure(path: string, json: boolean): void {
  const peer: Command = { name: 'perf script', argv: ['perf', 'script', '-i', path] };
  const ours: Command = {
    name: 'count by name',
    argv: [process.execPath, bin, '-q', '--on', path, '-e', SCRIPT],
  };
  const [perf, process_] = measureCommands([peer, ours], ROUNDS);
  const times: number[] = [];
  let samples = 0;
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const start = performance.now();
    samples = readAll(path);
    if (round >= 0) times.push(performance.now() - start);
  }
  print(
    perf!.ms,
    samples,
    [
      { name: 'count sys_enter by comm, whole process', ms: process_!.ms },
      { name: 'every sample read, warm', ms: median(times) },
    ],
    json,
  );
}

/** Every sample's bytes and name. Returns their number. */
function readAll(path: string): number {
  const source = openFileSource(path);
  const opened = openPerfData(source, { decompressor: nodeDecompressor });
  const cursor = opened.cursor();
  const threads = opened.threads();
  let samples = 0;
  while (cursor.next()) {
    threads.observe(cursor);
    if (threads.commOf(cursor.tid, cursor.cpu) !== '') samples++;
  }
  source.close();
  return samples;
}

function print(peerMs: number, samples: number, rows: readonly Row[], json: boolean): void {
  const rate = (ms: number): number => Math.round(samples / (ms / 1000));
  const measured = rows.map(({ name, ms }) => ({ name, samplesPerSecond: rate(ms), ratio: peerMs / ms }));
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ peer: 'perf script', peerRate: rate(peerMs), samples, rows: measured })}\n`,
    );
    return;
  }
  process.stdout.write(
    `${samples} samples; samples/s against perf script > /dev/null (${rate(peerMs)} samples/s)\n`,
  );
  for (const { name, ratio, samplesPerSecond } of measured) {
    process.stdout.write(`  ${name.padEnd(40)} ${ratio.toFixed(2)}x  ${samplesPerSecond} samples/s\n`);
  }
}
