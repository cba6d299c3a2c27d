/** Mutated recordings and scripts through the whole command line: whatever comes in, never a bug of ours. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../cli/support.ts';
import { readData } from '../runtime/recording/recordings.ts';
import { mutate, seededRandom } from './bytes.ts';
import { fuzzScripts } from './scripts.ts';

const SCRIPT =
  'tracepoint:sched:sched_switch { @[args.prev_comm] = count(); } tracepoint:raw_syscalls:* { @calls[comm, probe] = count(); } interval:s:1 { @seconds++; } END { printf("end"); }';
const INTERNAL = 2;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('60 mutated recordings', { timeout: 60_000 }, async () => {
  const random = seededRandom(5);
  const files = [readData('trace.dat'), readData('trace-v6.dat.gz')];
  const path = join(folder, 'mutated.dat');
  const codes = new Map<number, number>();
  for (let run = 0; run < 60; run++) {
    const { bytes, mutation } = mutate(files[run % files.length]!, random);
    writeFileSync(path, bytes);
    const { code, stderr } = await cli(['-q', '--on', path, '-e', SCRIPT]);
    expect(code, `run ${run}: ${mutation}\n${stderr}`).not.toBe(INTERNAL);
    if (code !== 0) expect(stderr, `run ${run}: ${mutation}`).not.toBe('');
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  // Mutations that are all refused, or none, would not search the reader.
  expect(codes.get(0)).toBeGreaterThan(10);
  expect(codes.get(1)).toBeGreaterThan(5);
});

test('150 mutated scripts', { timeout: 60_000 }, async () => {
  const texts: string[] = [];
  fuzzScripts({ seed: 5, runs: 150, target: (text) => texts.push(text) });
  const path = join(folder, 'mutated.bt');
  const codes = new Map<number, number>();
  for (const text of texts) {
    writeFileSync(path, text);
    const { code, stderr } = await cli(['-q', '--duration', '1ms', path]);
    expect(code, `${JSON.stringify(text)}\n${stderr}`).not.toBe(INTERNAL);
    if (code === 1) expect(stderr, JSON.stringify(text)).not.toBe('');
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect(codes.get(1)).toBeGreaterThan(50);
});
