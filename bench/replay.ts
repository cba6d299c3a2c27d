/** Replay of the recorded trace against `trace-cmd report > /dev/null` on the same file, whole processes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measureCommands } from './measure.ts';

const bin = fileURLToPath(new URL('../dist/bin/bpfkit.js', import.meta.url));
const recording = fileURLToPath(new URL('../tests/data/trace.dat', import.meta.url));
const ROUNDS = 9;
/** Of tests/data/trace.dat: `trace-cmd report -i tests/data/trace.dat | grep -c '^ '`. */
const EVENTS = 51_708;

export async function run(options: { readonly json: boolean }): Promise<void> {
  if (spawnSync('trace-cmd', ['--help']).error !== undefined) {
    process.stdout.write('replay: skipped, trace-cmd is not installed (Debian package trace-cmd)\n');
    return;
  }
  const replay = (name: string, script: string) => ({
    name,
    argv: [process.execPath, bin, '-q', '--on', recording, '-e', script] as [string, ...string[]],
  });
  const [peer, ...rest] = measureCommands(
    [
      { name: 'trace-cmd report', argv: ['trace-cmd', 'report', '-i', recording] },
      replay('count sys_enter by comm', 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }'),
      replay('count every event', 'tracepoint:*:* { @ = count(); }'),
    ],
    ROUNDS,
  );
  const rate = (ms: number): number => Math.round(EVENTS / (ms / 1000));
  const rows = rest.map((row) => ({
    name: row.name,
    eventsPerSecond: rate(row.ms),
    ratio: peer!.ms / row.ms,
  }));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ peer: peer!.name, rows })}\n`);
    return;
  }
  process.stdout.write(`events/s against ${peer!.name} > /dev/null (${rate(peer!.ms)} events/s)\n`);
  for (const row of rows) {
    process.stdout.write(
      `  ${row.name.padEnd(26)} ${row.ratio.toFixed(2)}x  ${row.eventsPerSecond} events/s\n`,
    );
  }
}
