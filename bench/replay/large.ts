/**
 * Replay of a recording too large for memory: tests/data/trace.dat repeated to a number of events, counted by key on one
 * core, against `trace-cmd report > /dev/null` on the same file; and the memory that takes at two sizes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repeatTrace } from '../../scripts/repeat-trace.ts';
import { type Command, median, peakMemory, timeOnce } from '../measure.ts';

export interface LargeRow {
  readonly name: string;
  readonly eventsPerSecond: number;
  /** Of events/s to the peer's. */
  readonly ratio: number;
}

export interface LargeResult {
  readonly events: number;
  readonly compression: 'none' | 'zstd';
  readonly peerRate: number;
  readonly rows: readonly LargeRow[];
  /** Largest resident sets of one script, in MiB, by events of the file. */
  readonly memory: readonly { readonly events: number; readonly peakMiB: number }[];
}

export interface LargeOptions {
  readonly recording: string;
  readonly events: number;
  readonly compression: 'none' | 'zstd';
  readonly scripts: readonly { readonly name: string; readonly script: string }[];
  /** The command that runs a script on a file. */
  readonly argv: (script: string, file: string) => readonly [string, ...string[]];
}

const ROUNDS = 3;

export function measureLarge(options: LargeOptions): LargeResult {
  const folder = mkdtempSync(join(tmpdir(), 'bpfkit-bench-'));
  try {
    return measureIn(folder, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measureIn(
  folder: string,
  { recording, compression, scripts, ...options }: LargeOptions,
): LargeResult {
  const file = join(folder, 'large.dat');
  const { events } = repeatTrace(recording, file, { events: options.events, compression });
  const pin = onOneCore();
  const command = (name: string, argv: readonly string[]): Command => ({
    name,
    argv: [...pin, ...argv] as [string, ...string[]],
  });
  const runs = scripts.map(({ name, script }) => command(name, options.argv(script, file)));
  // All that is written is in the page cache, as far as there is room.
  const peer = timeOnce(command('trace-cmd report', ['trace-cmd', 'report', '-i', file]));
  const times = runs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, run] of runs.entries()) times[index]!.push(timeOnce(run));
  }
  const rows = runs.map(({ name }, index): LargeRow => {
    const ms = median(times[index]!);
    return { name, eventsPerSecond: Math.round(events / (ms / 1000)), ratio: peer / ms };
  });
  const [first] = scripts;
  const small = join(folder, 'small.dat');
  const quarter = repeatTrace(recording, small, { events: options.events / 4, compression });
  const peak = (path: string): number => peakMemory(command('memory', options.argv(first!.script, path)));
  const memory = [
    { events: quarter.events, peakMiB: peak(small) },
    { events, peakMiB: peak(file) },
  ];
  return { events, compression, peerRate: Math.round(events / (peer / 1000)), rows, memory };
}

/** Neither side may use a second core, where the system can see to it. */
function onOneCore(): readonly string[] {
  if (spawnSync('taskset', ['--version']).error !== undefined) return [];
  const allowed = /^Cpus_allowed_list:\s*(?:.*[,-])?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return allowed === null ? [] : ['taskset', '-c', allowed[1]!];
}

export function largeText({ events, compression, peerRate, rows, memory }: LargeResult): string {
  const packed = compression === 'none' ? '' : `, ${compression}`;
  const lines = [`${events} events${packed}, on one core (trace-cmd report: ${peerRate} events/s)`];
  for (const { name, ratio, eventsPerSecond } of rows) {
    lines.push(`  ${name.padEnd(40)} ${ratio.toFixed(2)}x  ${eventsPerSecond} events/s`);
  }
  const sizes = memory.map((one) => `${one.peakMiB.toFixed(0)} MiB at ${one.events} events`);
  return `${lines.join('\n')}\n  peak memory: ${sizes.join(', ')}\n`;
}
