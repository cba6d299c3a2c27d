/**
 * Writes tests/data/expected-replay.json: what one-liners must print for tests/data/trace.dat, counted here from the
 * text of `trace-cmd report -R -t -i tests/data/trace.dat` (trace-cmd 3.1.6), never by our own reader.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = ['report', '-R', '-t', '-i', 'tests/data/trace.dat'] as const;

interface Event {
  readonly comm: string;
  readonly timeNs: bigint;
  readonly name: string;
  readonly rest: string;
}

function events(): Event[] {
  const text = execFileSync('trace-cmd', command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(.+)-(\d+)\s+\[\d+\]\s+(\d+)\.(\d{9}): (\w+):\s*(.*)$/.exec(line);
    if (match === null) return [];
    const [, comm, , seconds, fraction, name, rest] = match;
    return [{ comm: comm!, timeNs: BigInt(`${seconds}${fraction}`), name: name!, rest: rest! }];
  });
}

const field = (event: Event, name: string): string =>
  new RegExp(`\\b${name}=(\\S+)`).exec(event.rest)?.[1] ?? '';
const textField = (event: Event, name: string): string =>
  new RegExp(`\\b${name}=(.*?)(?= \\w+=|$)`).exec(event.rest)?.[1] ?? '';

function countBy(list: readonly Event[], key: (event: Event) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of list) counts[key(event)] = (counts[key(event)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The power-of-two bucket's inclusive lower bound, `neg` for negative numbers. */
function log2Bucket(value: bigint): string {
  if (value < 0n) return 'neg';
  if (value === 0n) return '0';
  return (1n << BigInt(value.toString(2).length - 1)).toString();
}

function histogram(values: readonly bigint[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[log2Bucket(value)] = (counts[log2Bucket(value)] ?? 0) + 1;
  return counts;
}

function wakeupLatencies(list: readonly Event[]): bigint[] {
  const start = new Map<string, bigint>();
  const latencies: bigint[] = [];
  for (const event of list) {
    if (event.name === 'sched_wakeup' || event.name === 'sched_wakeup_new')
      start.set(field(event, 'pid'), event.timeNs);
    if (event.name !== 'sched_switch') continue;
    const since = start.get(field(event, 'next_pid'));
    if (since === undefined) continue;
    latencies.push((event.timeNs - since) / 1000n);
    start.delete(field(event, 'next_pid'));
  }
  return latencies;
}

const all = events();
const named = (name: string): Event[] => all.filter((event) => event.name === name);
const raw = named('sys_enter');
const expected = {
  command: `trace-cmd ${command.join(' ')}`,
  events: all.length,
  byEvent: countBy(all, (event) => event.name),
  sysEnterByComm: countBy(raw, (event) => event.comm),
  switchByPrevComm: countBy(named('sched_switch'), (event) => textField(event, 'prev_comm')),
  readReturn: histogram(
    named('sys_exit_read').map((event) => BigInt.asIntN(64, BigInt(field(event, 'ret')))),
  ),
  wakeupLatencyUs: histogram(wakeupLatencies(all)),
};
writeFileSync(`${root}tests/data/expected-replay.json`, `${JSON.stringify(expected, null, 2)}\n`);
