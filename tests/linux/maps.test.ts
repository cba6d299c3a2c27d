/** Maps of a machine against this kernel's own: the same script of commands, the same answers and error numbers. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '../vm/engines.ts';
import { differences } from '../vm/maps/differences.ts';
import { MachineRunner } from '../vm/maps/machine-runner.ts';
import { creations } from '../vm/maps/scripts/creations.ts';
import { scripts } from '../vm/maps/scripts/index.ts';
import { mapLine, type Script, type Shape, word } from '../vm/maps/scripts/parts.ts';
import { programScripts } from '../vm/maps/scripts/programs.ts';
import { PRELUDE } from '../vm/maps/scripts/typed.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { MapKernel, possibleCpus } from './map-kernel.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: maps against the kernel`);

const MEMORY: number = 24 << 20;
/** Types that kernels are built without. */
const OPTIONAL: readonly string[] = ['inode_storage', 'cgrp_storage', 'xskmap', 'sockmap', 'sockhash'];

const engines = await testEngines();

describe.skipIf(reason !== undefined)('maps = kernel', () => {
  let kernel: MapKernel;
  beforeAll(() => {
    kernel = new MapKernel();
  });
  afterAll(() => kernel.close());

  function compare(all: readonly Script[]): readonly string[] {
    return differences(PRELUDE, all, new MachineRunner(kernel.cpus, MEMORY), kernel);
  }

  /** Whether the first map of the scripts is there. */
  function isMade(script: Script): boolean {
    const answers = kernel.run([...PRELUDE, ...script.lines]);
    return script.lines.every((line, i) => !line.startsWith('map ') || answers[i + PRELUDE.length] === 'ok');
  }

  const types = reason === undefined ? [...scripts(possibleCpus())] : [];

  test.each(types)('bpf(2) on %s', (type, arbitrary) => {
    const all = fc.sample(arbitrary, { seed: 7, numRuns: 150 });
    if (!isMade(all[0]!)) {
      if (!OPTIONAL.includes(type)) throw new Error(`this kernel makes no ${type}`);
      console.log(`skipped, this kernel makes no ${type}`);
      return;
    }
    expect(compare(all)).toEqual([]);
  });

  const programs = reason === undefined ? [...programScripts(possibleCpus())] : [];

  test.each(programs)('programs on %s', (_, arbitrary) => {
    const all = fc.sample(arbitrary, { seed: 7, numRuns: 8 });
    expect(isMade(all[0]!)).toBe(true);
    for (const { name, machine } of engines) {
      const runner = new MachineRunner(kernel.cpus, MEMORY, machine);
      expect(differences(PRELUDE, all, runner, kernel), name).toEqual([]);
    }
  });

  /**
   * Which element a full LRU map gives up is not compared: Linux keeps lists for each CPU and only roughly the order. What
   * it promises is that there is always room, that what was just written is there, and that there are not more than asked for.
   */
  test.each(['lru_hash', 'lru_percpu_hash'] as const)('promises of %s', (type) => {
    const capacity = 64;
    const shape: Shape = { type, keySize: 4, valueSize: 8, maxEntries: capacity };
    const copies = type === 'lru_hash' ? 1 : kernel.cpus;
    const keys = fc.sample(fc.nat(999), { seed: 3, numRuns: 1000 });
    const writes = keys.map((key, i) => [word(key), `${word(i)}00000000`.repeat(copies)] as const);
    const lines = [
      mapLine(shape),
      ...writes.flatMap(([key, value]) => [`update 0 ${key} ${value} 0`, `lookup 0 ${key} 0`]),
      'get-batch 0 1000 - 0 0',
    ];
    for (const runner of [kernel, new MachineRunner(kernel.cpus, MEMORY)]) {
      const answers = runner.run(lines);
      const kept = answers.slice(1, -1);
      expect(kept).toEqual(writes.flatMap(([, value]) => ['ok', `ok ${value}`]));
      const [, , count, left, values] = answers.at(-1)!.split(' ');
      expect(Number(count)).toBeGreaterThan(0);
      expect(Number(count)).toBeLessThanOrEqual(capacity);
      const last = new Map(writes);
      for (let i = 0; i < Number(count); i++) {
        const value = values!.slice(i * 16 * copies, (i + 1) * 16 * copies);
        expect(value).toBe(last.get(left!.slice(i * 8, (i + 1) * 8)));
      }
    }
  });

  test('creation', () => {
    const all = fc.sample(creations(kernel.cpus), { seed: 7, numRuns: 1500 }).filter((one) => one.length > 0);
    const lines = [...PRELUDE, ...all.flatMap((one) => ['reset', ...one])];
    const linux = kernel.run(lines);
    const ours = new MachineRunner(kernel.cpus, 96 << 20).run(lines);
    const wrong = lines.flatMap((line, i) =>
      linux[i] === ours[i] ? [] : [`${line}: Linux ${linux[i]}, here ${ours[i]}`],
    );
    expect(wrong).toEqual([]);
    expect(
      linux.filter((answer, i) => answer === 'ok' && lines[i]!.startsWith('map ')).length,
    ).toBeGreaterThan(all.length * 1.05);
  });
});
