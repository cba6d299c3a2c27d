import { describe, expect, test } from 'vitest';
import type { Case } from '../../../verifier/case/case.ts';
import { verifyCase } from '../../../verifier/case/verify-case.ts';
import { machineTypes } from '../../generators/programs/kernel-types.ts';
import { kernelOffsets } from '../../generators/programs/offsets.ts';
import { ProgramGenerator } from '../../generators/programs/program.ts';
import { runStrict } from './world.ts';

const EXIT = 'b700000000000000 9500000000000000';

function caseOf(insns: string, more: Partial<Case> = {}): Case {
  return {
    id: 'case',
    programType: 'kprobe',
    flags: 0,
    license: 'GPL',
    insns: Uint8Array.fromHex(insns.replaceAll(' ', '')),
    maps: [],
    mapUses: [],
    kfuncs: [],
    ksyms: [],
    runs: [],
    ...more,
  };
}

const VALUE = {
  maps: [{ type: 'array', keySize: 4, valueSize: 64, maxEntries: 1, flags: 0 }],
  mapUses: [{ slot: 0, map: 0 }],
} as const;

describe('what must not be accepted faults', () => {
  test.each([
    ['a load from NULL', `b701000000000000 7912080000000000 ${EXIT}`, {}],
    ['a load of a number', `7912000000000000 7923000000000000 ${EXIT}`, {}],
    // r2 = value; r2 += number of the context; load
    [
      'an index without a bound',
      `1822000000000000 0000000000000000 7911080000000000 0f12000000000000 7123000000000000 ${EXIT}`,
      VALUE,
    ],
    ['one byte past a value', `1822000000000000 0000000000000000 7921390000000000 ${EXIT}`, VALUE],
    ['a store below the frame', `7a0af8fd01000000 ${EXIT}`, {}],
    // r2 = data; r0 = *(u8 *)(r2 + 0), of any length
    [
      'a packet without a check',
      `6112000000000000 7120000000000000 9500000000000000`,
      { programType: 'xdp' },
    ],
  ] as const)('%s', (_, insns, more) => {
    const one = caseOf(insns, more);
    expect(runStrict(one, 50, 1)).toMatchObject({ kind: 'fault' });
    expect(verifyCase(one, { kernel: { release: '6.18' } }).ok).toBe(false);
  });
});

test('accepted random programs never fault', () => {
  const types = machineTypes();
  const generator = new ProgramGenerator(kernelOffsets(types));
  let ran = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { case: one } = generator.generate(seed);
    if (verifyCase(one, { kernel: { release: '6.18', btf: types } }).ok !== true) continue;
    const outcome = runStrict(one, 5, seed);
    if (outcome.kind === 'fault') throw new Error(`${one.id}: ${outcome.fault.message}`);
    if (outcome.kind === 'ran') ran++;
  }
  // Most of what is accepted can run here.
  expect(ran).toBeGreaterThan(20);
}, 60_000);
