/** Maps of a machine against this kernel's own: the same script of commands, the same answers and error numbers. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences } from '../vm/maps/differences.ts';
import { MachineRunner } from '../vm/maps/machine-runner.ts';
import { creations } from '../vm/maps/scripts/creations.ts';
import { scripts } from '../vm/maps/scripts/index.ts';
import type { Script } from '../vm/maps/scripts/parts.ts';
import { programScripts } from '../vm/maps/scripts/programs.ts';
import { TYPES_LINE } from '../vm/maps/scripts/typed.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { MapKernel, possibleCpus } from './map-kernel.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: maps against the kernel`);

const MEMORY: number = 96 << 20;
/** Types that kernels are built without. */
const OPTIONAL: readonly string[] = ['inode_storage', 'cgrp_storage', 'xskmap', 'sockmap', 'sockhash'];

describe.skipIf(reason !== undefined)('maps = kernel', () => {
  let kernel: MapKernel;
  beforeAll(() => {
    kernel = new MapKernel();
  });
  afterAll(() => kernel.close());

  function compare(all: readonly Script[]): readonly string[] {
    return differences([TYPES_LINE], all, new MachineRunner(kernel.cpus, MEMORY), kernel);
  }

  /** Whether the first map of the scripts is there. */
  function isMade(script: Script): boolean {
    const answers = kernel.run([TYPES_LINE, ...script.lines]);
    return script.lines.every((line, i) => !line.startsWith('map ') || answers[i + 1] === 'ok');
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
    const all = fc.sample(arbitrary, { seed: 7, numRuns: 12 });
    expect(isMade(all[0]!)).toBe(true);
    expect(compare(all)).toEqual([]);
  });

  test('creation', () => {
    const all = fc.sample(creations(kernel.cpus), { seed: 7, numRuns: 1500 }).filter((one) => one.length > 0);
    const lines = [TYPES_LINE, ...all.flatMap((one) => ['reset', ...one])];
    const linux = kernel.run(lines);
    const ours = new MachineRunner(kernel.cpus, MEMORY).run(lines);
    const wrong = lines.flatMap((line, i) =>
      linux[i] === ours[i] ? [] : [`${line}: Linux ${linux[i]}, here ${ours[i]}`],
    );
    expect(wrong).toEqual([]);
    expect(
      linux.filter((answer, i) => answer === 'ok' && lines[i]!.startsWith('map ')).length,
    ).toBeGreaterThan(all.length * 1.05);
  });
});
