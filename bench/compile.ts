/**
 * Compile time by length of the script, 100 to 5,000 lines: milliseconds of CPU after start-up, in a new process and when warm; what
 * a line costs against one of the shortest; and real bpftrace 0.17 to its IR (`-d`, which attaches nothing), less what
 * it takes to start. For a straight curve the ratio stays at 1 or falls.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largeScript } from './compile/script.ts';

const SIZES: readonly number[] = [100, 200, 500, 1000, 2000, 5000];
const ROUNDS = 3;
/** Least: what a busy machine adds is no property of a compiler. */
const least = (values: readonly number[]): number => Math.min(...values);
/** What a tool of 100 lines may take after start-up, milliseconds. */
const LIMIT_MS = 60;
const PEER = '/usr/bin/bpftrace';

interface Row {
  readonly lines: number;
  readonly cold: number;
  readonly warm: number;
  readonly peer?: number;
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'compile-'));
  try {
    const startPeer = peerStart();
    const rows = SIZES.map((size) => measure(size, folder, startPeer));
    if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else print(rows, startPeer !== undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(size: number, folder: string, startPeer: number | undefined): Row {
  const file = join(folder, `${size}.bt`);
  const text = largeScript(size);
  writeFileSync(file, text);
  const warmRounds = size > 1000 ? '3' : '10';
  const times = Array.from({ length: ROUNDS }, () => {
    const child = join(import.meta.dirname, 'compile/once.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [child, file, warmRounds], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as { cold: number; warm: number };
  });
  const peer = startPeer === undefined ? undefined : peerTime(['-d', file]);
  return {
    lines: text.split('\n').length - 1,
    cold: least(times.map(({ cold }) => cold)),
    warm: least(times.map(({ warm }) => warm)),
    ...(peer === undefined ? {} : { peer: peer - startPeer! }),
  };
}

/** Undefined without the peer, which wants root even to print its IR. */
function peerStart(): number | undefined {
  return process.getuid?.() === 0 ? peerTime(['--version']) : undefined;
}

/** Milliseconds of CPU of a whole process. */
function peerTime(args: readonly string[]): number | undefined {
  const env = { ...process.env, BPFTRACE_MAX_PROBES: '2000', BPFTRACE_MAX_BPF_PROGS: '2000' };
  const script =
    'import resource,subprocess,sys; r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL); u=resource.getrusage(resource.RUSAGE_CHILDREN); print((u.ru_utime+u.ru_stime)*1000); sys.exit(r.returncode)';
  const times = Array.from({ length: ROUNDS }, () => {
    const { status, stdout } = spawnSync('python3', ['-c', script, PEER, ...args], { encoding: 'utf8', env });
    return status === 0 ? Number(stdout) : Number.NaN;
  });
  return times.some(Number.isNaN) ? undefined : least(times);
}

function print(rows: readonly Row[], withPeer: boolean): void {
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  const [first] = rows;
  const perLine = (ms: number, row: Row): number => ms / row.lines;
  write('  lines     cold ms  a line     warm ms  a line   bpftrace ms  a line    ratio');
  for (const row of rows) {
    const cold = perLine(row.cold, row) / perLine(first!.cold, first!);
    const warm = perLine(row.warm, row) / perLine(first!.warm, first!);
    const peer =
      row.peer === undefined
        ? ''
        : `${row.peer.toFixed(0).padStart(14)}${(perLine(row.peer, row) / perLine(first!.peer!, first!)).toFixed(2).padStart(7)}x${(row.cold / row.peer).toFixed(2).padStart(8)}x`;
    write(
      `${String(row.lines).padStart(7)}${row.cold.toFixed(1).padStart(12)}${cold.toFixed(2).padStart(7)}x${row.warm.toFixed(1).padStart(12)}${warm.toFixed(2).padStart(7)}x${peer}`,
    );
  }
  write(
    `${first!.lines} lines, limit ${LIMIT_MS} ms: ${first!.cold.toFixed(1)} in a new process, ${first!.warm.toFixed(1)} when warm`,
  );
  if (!withPeer) write('without bpftrace: it wants root');
}
