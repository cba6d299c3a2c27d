/**
 * Script sections that somebody changed, run by the command line: a quarter of them as bytes, the others with one value of
 * their JSON replaced by another, mostly of its kind. Whatever is in there, it is refused or runs; never a bug of ours.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openElf } from '../../bpf/elf/file.ts';
import { readObject } from '../../bpf/elf/object/read.ts';
import { writeObject } from '../../bpf/elf/write/index.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { SCRIPT_SECTION } from '../../compiler/object/script-section.ts';
import { cli } from '../cli/support.ts';
import { mutate, seededRandom } from './bytes.ts';

const SCRIPTS = [
  'BEGIN { printf("%-8s %5d %x\\n", comm, tid, nsecs); time("%H"); print((1, "a")); } interval:us:50 { @n++; print(@n); if (@n > 3) { exit(7) } }',
  'tracepoint:sched:sched_switch { @[args.prev_comm, args.next_pid] = count(); @h[cpu] = hist(args.next_pid); @l = lhist(args.next_pid, 0, 100, 10); print(@h, 3, 2); }',
  'tracepoint:raw_syscalls:sys_enter { @s[pid] = stats(args.id); @m = min(args.id); @t = (1, (2, "x")); printf("%s %s\\n", strftime("%H", nsecs), str(args.id == 1 ? "a" : "b")); clear(@m); } END { zero(@s); }',
  'BEGIN { printf("%d %s\\n", getopt("n", 5, "number"), getopt("s", "text")); if (getopt("flag")) { exit() } }',
  'interval:us:20 { @t[cpu] = tseries(nsecs, 50us, 5, "avg"); @l = tseries(-1, 1s, 3); print(@t); }',
  'BEGIN { warnf("w %s", ntop(1)); errorf("%s", username); print(buf("abc", 2)); @p[cgroup_path(cgroup, "u*")] = ntop(pton("::1")); } tracepoint:syscalls:sys_enter_execve { join(args.argv, "+"); } END { cat("%s", "/no/such/file"); }',
  'struct s { int a : 3; char b[4]; struct s *c; }; enum e { A, B = 7 }; macro m($v, @m, e) { @m[$v] = e; } fn f($a : int64) : string[8] { @calls[$a] = sum($a); return "text"; } begin { $x = 3; m($x, @macro, (enum e)7); print(f($x)); print(((uint8[])(uint32)258, (a=1, b="x"))); @rec = (n=$x, s=f(2)); print(@rec); for ($kv : @macro) { print($kv); } print((struct s *)0); @h = hist(3, 2); errorf("%r", buf("abc", 3)); } end { print(@calls, 1); assert(1 == 2, "no"); }',
];
const INTERNAL = 2;
const SLOWEST_MS = 10_000;

export interface ScriptFuzzSummary {
  readonly slowest: number;
  /** How often each exit code came. */
  readonly codes: ReadonlyMap<number, number>;
}

interface Victim {
  readonly object: BpfObject;
  readonly section: Uint8Array;
}

/** @throws an Error that names seed, run and mutation */
export async function fuzzScriptSection(runs: number, seed: number): Promise<ScriptFuzzSummary> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-section-'));
  const random = seededRandom(seed);
  const codes = new Map<number, number>();
  let slowest = 0;
  try {
    const victims = await makeVictims(folder);
    const path = join(folder, 'mutated.o');
    for (let run = 0; run < runs; run++) {
      const { object, section } = victims[run % victims.length]!;
      const { bytes, mutation } = run % 4 === 0 ? mutate(section, random) : replaceValue(section, random);
      writeFileSync(path, writeObject(object, { sections: new Map([[SCRIPT_SECTION, bytes]]) }));
      const started = performance.now();
      const format = run % 3 === 0 ? ['-f', 'json'] : [];
      const { code, stdout, stderr } = await cli(['-q', '--duration', '200us', ...format, path]);
      slowest = Math.max(slowest, performance.now() - started);
      const what = `seed ${seed}, run ${run}: ${mutation}`;
      if (code === INTERNAL && stderr.includes('internal error')) throw new Error(`${what}: ${stderr}`);
      // A script may end with any code; what is refused does not come to its end, which is two empty lines.
      const ended = stdout !== '' || format.length > 0;
      if (code === 1 && stderr === '' && !ended) throw new Error(`${what}: refused without a word`);
      if (slowest > SLOWEST_MS) throw new Error(`${what}: took ${slowest} ms`);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { slowest, codes };
}

async function makeVictims(folder: string): Promise<readonly Victim[]> {
  const victims: Victim[] = [];
  for (const script of SCRIPTS) {
    const path = join(folder, 'victim.o');
    const { code, stderr } = await cli(['compile', '-o', path, '-e', script]);
    if (code !== 0) throw new Error(stderr);
    const bytes = new Uint8Array(readFileSync(path));
    const elf = openElf(bytes);
    const section = elf.data(elf.section(SCRIPT_SECTION)!).slice();
    victims.push({ object: readObject(bytes, 'victim.o').object, section });
  }
  return victims;
}

const VALUES: readonly unknown[] = [
  0,
  1,
  -1,
  8,
  16,
  64,
  4096,
  2 ** 31,
  2 ** 53,
  1e300,
  0.5,
  null,
  true,
  false,
  '',
  'x',
  '@n',
  'ringbuf',
  '%Y %s %f',
  '18446744073709551615',
  [],
  {},
  [0, 0, 0],
];

/** One value anywhere in the JSON becomes another, or that of another place. */
function replaceValue(
  section: Uint8Array,
  random: () => number,
): { readonly bytes: Uint8Array; readonly mutation: string } {
  const head = section.indexOf(0, 1) + 1;
  const json: unknown = JSON.parse(new TextDecoder().decode(section.subarray(head, -1)));
  const places: { readonly parent: Record<string, unknown>; readonly key: string }[] = [];
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    const parent = value as Record<string, unknown>;
    for (const key of Object.keys(parent)) {
      // They are most of it, and count for little.
      if (key === 'spans' || key === 'span') continue;
      places.push({ parent, key });
      walk(parent[key]);
    }
  };
  walk(json);
  const { parent, key } = places[random() % places.length]!;
  const before = JSON.stringify(parent[key]);
  const alike = places.filter((one) => one.key === key || typeof one.parent[one.key] === typeof parent[key]);
  const other = alike[random() % alike.length]!;
  const value = random() % 4 === 0 ? VALUES[random() % VALUES.length] : other.parent[other.key];
  // A copy, lest the tree becomes a circle.
  parent[key] = JSON.parse(JSON.stringify(value));
  const text = new TextEncoder().encode(JSON.stringify(json));
  const bytes = new Uint8Array(head + text.length + 1);
  bytes.set(section.subarray(0, head));
  bytes.set(text, head);
  return { bytes, mutation: `${key}: ${before?.slice(0, 80)} -> ${JSON.stringify(value)?.slice(0, 80)}` };
}
