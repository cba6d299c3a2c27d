/**
 * Replay of the recorded trace against `trace-cmd report > /dev/null` on the same file: as a whole process, start-up
 * included, and as one more command of a process that is already warm (opening, compiling, replaying, printing). Then the
 * same of the recording repeated to `--events N` events (two million when not given), compressed with `--zstd`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runCli } from '../cli/main.ts';
import { type Command, measureCommands, median } from './measure.ts';
import { type LargeResult, largeText, measureLarge } from './replay/large.ts';

const bin = fileURLToPath(new URL('../dist/bin/bpfkit.js', import.meta.url));
const recording = fileURLToPath(new URL('../tests/data/trace.dat', import.meta.url));
const ROUNDS = 11;
const WARM_UP = 5;
/** Of tests/data/trace.dat, as tests/data/expected-replay.json counts them from trace-cmd's text. */
const EVENTS = 51_706;

const SCRIPTS = [
  { name: 'count sys_enter by comm', script: 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }' },
  { name: 'count every event', script: 'tracepoint:*:* { @ = count(); }' },
] as const;

const LARGE_SCRIPTS = [
  { name: 'count sys_enter by id', script: 'tracepoint:raw_syscalls:sys_enter { @[args.id] = count(); }' },
  ...SCRIPTS,
  {
    name: 'count switches by next',
    script: 'tracepoint:sched:sched_switch { @[args.next_comm] = count(); }',
  },
] as const;
const LARGE_EVENTS = 2_000_000;

interface Row {
  readonly name: string;
  readonly eventsPerSecond: number;
  readonly ratio: number;
}

export async function run(options: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  if (spawnSync('trace-cmd', ['--help']).error !== undefined) {
    process.stdout.write('replay: skipped, trace-cmd is not installed (Debian package trace-cmd)\n');
    return;
  }
  const argv = (script: string): readonly string[] => ['-q', '--on', recording, '-e', script];
  const commands = SCRIPTS.map(
    ({ name, script }): Command => ({ name, argv: [process.execPath, bin, ...argv(script)] }),
  );
  const trace: Command = { name: 'trace-cmd report', argv: ['trace-cmd', 'report', '-i', recording] };
  const [peer, ...cold] = measureCommands([trace, ...commands], ROUNDS);
  const row = (name: string, ms: number): Row => ({ name, eventsPerSecond: rate(ms), ratio: peer!.ms / ms });
  const rows = cold.map(({ name, ms }) => row(`${name}, whole process`, ms));
  for (const { name, script } of SCRIPTS) rows.push(row(`${name}, warm`, await warm(argv(script))));
  print(peer!.name, rate(peer!.ms), rows, large(options.args), options.json);
}

function large(args: readonly string[]): LargeResult {
  const at = args.indexOf('--events');
  const events = at < 0 ? LARGE_EVENTS : Number(args[at + 1]);
  if (!(events > 0)) throw new Error('--events takes a number');
  const argv = (script: string, file: string): readonly [string, ...string[]] => [
    process.execPath,
    bin,
    ...['-q', '--threads', '1', '--on', file, '-e', script],
  ];
  const compression = args.includes('--zstd') ? 'zstd' : 'none';
  return measureLarge({ recording, events, compression, scripts: LARGE_SCRIPTS, argv });
}

function rate(ms: number): number {
  return Math.round(EVENTS / (ms / 1000));
}

/** Median milliseconds of a command after a few of the same in this process. */
async function warm(argv: readonly string[]): Promise<number> {
  const times: number[] = [];
  const io = { stdout: () => {}, stderr: () => {}, env: {} };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const start = performance.now();
    const code = await runCli(argv, io);
    if (code !== 0) throw new Error(`bpfkit ${argv.join(' ')} ended with ${code}`);
    if (round >= 0) times.push(performance.now() - start);
  }
  return median(times);
}

function print(
  peer: string,
  peerRate: number,
  rows: readonly Row[],
  large: LargeResult,
  json: boolean,
): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ peer, peerRate, rows, large })}\n`);
    return;
  }
  process.stdout.write(`events/s against ${peer} > /dev/null (${peerRate} events/s)\n`);
  for (const { name, ratio, eventsPerSecond } of rows) {
    process.stdout.write(`  ${name.padEnd(40)} ${ratio.toFixed(2)}x  ${eventsPerSecond} events/s\n`);
  }
  process.stdout.write(largeText(large));
}
