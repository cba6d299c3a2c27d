/**
 * BTF against this machine: what we build loads by BPF_BTF_LOAD, `verifyBtf` says the same as the kernel of mutated
 * tables, and every type of whole kernels is read as bpftool reads it. `BPFKIT_BTF` names the folder of
 * `<version>.btf.gz`; /sys/kernel/btf is read as well.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Btf } from '../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../bpf/btf/builder.ts';
import { layoutOf } from '../../bpf/btf/layout.ts';
import { deduplicateBtf } from '../../bpf/btf/merge.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { subsetBtf } from '../../bpf/btf/subset.ts';
import { verifyBtf } from '../../bpf/btf/verify.ts';
import { addAll, anyTypes } from '../bpf/btf/arbitrary.ts';
import { everyKind } from '../fuzz/btf.ts';
import { mutate, seededRandom } from '../fuzz/bytes.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { kernelTypes } from './kernel-types.ts';

const LIVE = '/sys/kernel/btf';

const KERNELS = [...kernelTypes()];

const hasBpftool = spawnSync('bpftool', ['--version']).status === 0;

describe.skipIf(!hasBpftool)('bpftool reads the same', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bpfkit-btf-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** `[12] STRUCT 'list'`, as many as there are. */
  const bpftoolTypes = (file: string, ...base: string[]): string[] => {
    const options = { encoding: 'utf8', maxBuffer: 2 ** 30 } as const;
    const text = execFileSync('bpftool', [...base, 'btf', 'dump', 'file', file], options);
    return [...text.matchAll(/^\[\d+\] \w+ '[^\n]*?'(?= |$)/gm)].map(([line]) => line);
  };

  const ourTypes = (btf: Btf): string[] => {
    const lines: string[] = [];
    for (let id = btf.firstId; id < btf.end; id++) {
      const { kind } = btf.type(id);
      lines.push(`[${id}] ${kind.toUpperCase()} '${btf.nameOf(id) || '(anon)'}'`);
    }
    return lines;
  };

  test.each(KERNELS)('%s', (_, read) => {
    const btf = readBtf(read());
    const plain = join(folder, 'plain.btf');
    writeFileSync(plain, btf.bytes());
    expect(ourTypes(btf)).toEqual(bpftoolTypes(plain));
  });

  test('what we write, in both byte orders', () => {
    for (const littleEndian of [true, false]) {
      const btf = everyKind().build({ littleEndian });
      const file = join(folder, 'ours.btf');
      writeFileSync(file, btf.bytes());
      expect(ourTypes(btf)).toEqual(bpftoolTypes(file));
    }
  });

  test('what goes on from a base', () => {
    const base = everyKind().build();
    const builder = new BtfBuilder({ base });
    builder.addTypedef('mine', builder.addPointer(base.find('list', 'struct')!));
    builder.addStruct('list', 0, []);
    writeFileSync(join(folder, 'base.btf'), base.bytes());
    writeFileSync(join(folder, 'split.btf'), builder.build().bytes());
    const dumped = bpftoolTypes(join(folder, 'split.btf'), '-B', join(folder, 'base.btf'));
    expect(ourTypes(builder.build())).toEqual(dumped);
  });
});

describe.skipIf(!existsSync(join(LIVE, 'vmlinux')))('types of the modules here', () => {
  const modules = existsSync(LIVE) ? readdirSync(LIVE).filter((name) => name !== 'vmlinux') : [];
  test.skipIf(modules.length === 0)(modules.join(' ') || 'none', () => {
    const base = readBtf(new Uint8Array(readFileSync(join(LIVE, 'vmlinux'))));
    for (const name of modules) {
      const btf = readBtf(new Uint8Array(readFileSync(join(LIVE, name))), { base });
      for (let id = btf.firstId; id < btf.end; id++) btf.type(id);
    }
  });
});

describe.each(KERNELS)('whole kernels: %s', (_, read) => {
  test('members end where their struct does, or before', () => {
    const btf = readBtf(read());
    const wrong: string[] = [];
    for (let id = 1; id < btf.end; id++) {
      const layout = layoutOf(btf, id);
      if (layout === undefined || btf.kindOf(id) === 'typedef') continue;
      for (const { name, bitOffset, bitSize, storage } of layout.fields) {
        if (bitOffset + bitSize > layout.size * 8) wrong.push(`${layout.name}.${name} ends beyond`);
        if (storage.offset * 8 > bitOffset) wrong.push(`${layout.name}.${name} is loaded too late`);
        if ((storage.offset + storage.size) * 8 < bitOffset + bitSize)
          wrong.push(`${layout.name}.${name} is cut off`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('nothing is left to deduplicate since pahole resolves declarations', () => {
    const btf = readBtf(read());
    const { end } = deduplicateBtf(btf).btf;
    expect(end).toBeLessThanOrEqual(btf.end);
    expect(end).toBeGreaterThan(btf.end * 0.998);
  });
});

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: BTF against the kernel`);

describe.skipIf(reason !== undefined)('the kernel', () => {
  let kernel: LinuxBpf;
  beforeAll(async () => {
    kernel = await LinuxBpf.start();
  });
  afterAll(() => kernel.close());

  test('loads a table of every kind', async () => {
    const btf = everyKind().build();
    expect(verifyBtf(btf)).toEqual([]);
    expect(await kernel.loadBtf(btf.bytes())).toMatchObject({ ok: true });
  });

  test.each(KERNELS)('loads task_struct of %s', async (_, read) => {
    const whole = readBtf(read());
    const { btf } = subsetBtf(whole, [whole.find('task_struct', 'struct')!]);
    const answer = await kernel.loadBtf(btf.bytes());
    expect(verifyBtf(btf)).toEqual([]);
    expect(answer.ok ? '' : answer.log.split('\n').slice(-5).join('\n')).toBe('');
  });

  const differences = async (
    tables: readonly Uint8Array[],
  ): Promise<{ refused: number; wrong: string[] }> => {
    const wrong: string[] = [];
    let refused = 0;
    for (const bytes of tables) {
      const [problem] = verifyBtf(readBtf(bytes));
      const answer = await kernel.loadBtf(bytes);
      if (!answer.ok) refused++;
      if (answer.ok === (problem === undefined)) continue;
      const log = answer.log.trim().split('\n').slice(-2).join(' | ');
      wrong.push(
        `${answer.ok ? 'loads' : `errno ${answer.errno}`}: ${problem?.type} ${problem?.message}: ${log}`,
      );
    }
    return { refused, wrong };
  };

  test('refuses what verifyBtf refuses, of arbitrary types', async () => {
    const tables = fc.sample(anyTypes, { numRuns: 1500, seed: 1 }).flatMap((types) => {
      const builder = new BtfBuilder();
      addAll(builder, types.slice(0, 8));
      return builder.end === 1 ? [] : [builder.build().bytes()];
    });
    const { refused, wrong } = await differences(tables);
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(500);
    expect(refused).toBeLessThan(tables.length - 50);
  });

  test('refuses what readBtf and verifyBtf refuse, of mutated tables', async () => {
    const random = seededRandom(1);
    const original = everyKind().build().bytes();
    const tables: Uint8Array[] = [];
    while (tables.length < 1500) {
      const { bytes } = mutate(original, random);
      try {
        // Written again: what has no meaning, such as a gap, is as it should be.
        tables.push(BtfBuilder.from(readBtf(bytes)).build().bytes());
      } catch {
        // What cannot be opened is the fuzzer's to judge.
      }
    }
    const { refused, wrong } = await differences(tables);
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(100);
  });
});
