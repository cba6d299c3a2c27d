import { expect, test } from 'vitest';
import { machineTypes } from './programs/kernel-types.ts';
import { kernelOffsets } from './programs/offsets.ts';
import { ProgramGenerator } from './programs/program.ts';
import { STATEMENTS } from './programs/statements/index.ts';

const generator = new ProgramGenerator(kernelOffsets(machineTypes()));

test('the same seed gives the same program, another seed another', () => {
  const again = new ProgramGenerator(kernelOffsets(machineTypes()));
  for (const seed of [1, 77, 100_000]) {
    expect(again.generate(seed).case).toEqual(generator.generate(seed).case);
    expect(again.generate(seed).case.insns).not.toEqual(generator.generate(seed + 1).case.insns);
  }
});

test('every kind of statement occurs, and most often', () => {
  const counts = new Map<string, number>();
  const programs = 2000;
  for (let seed = 0; seed < programs; seed++) {
    for (const feature of generator.generate(seed).features) {
      counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
  }
  // Symbols of variables are what many kernels have no addresses of: they occur by mistake only.
  const rare = ['typed/per CPU', 'typed/variable'];
  const missing = STATEMENTS.filter(
    ({ name }) => !rare.includes(name) && (counts.get(name) ?? 0) < programs / 200,
  );
  expect(missing.map(({ name }) => `${name} ${counts.get(name)}`)).toEqual([]);
  expect(STATEMENTS.length).toBeGreaterThanOrEqual(40);
});

test('records are of places inside the program', () => {
  for (let seed = 0; seed < 300; seed++) {
    const { case: one } = generator.generate(seed);
    const slots = one.insns.length / 8;
    expect(one.insns.length % 8).toBe(0);
    for (const { slot, map } of one.mapUses) {
      expect(slot).toBeLessThan(slots - 1);
      expect(map).toBeLessThan(one.maps.length);
    }
    for (const { slot } of [...one.kfuncs, ...one.ksyms]) expect(slot).toBeLessThan(slots);
    const starts = new Uint32Array(one.functionInfo!.buffer).filter((_, i) => i % 2 === 0);
    expect([...starts]).toEqual([...starts].sort((a, b) => a - b));
  }
});
