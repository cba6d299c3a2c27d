import { describe, expect, test } from 'vitest';
import { bytesOf, END, WALKS } from '../verifier/order/walks.ts';
import { judge, judgeProblem } from './judge.ts';
import { hostProfile } from './judge-kernel.ts';

/** The figures are 6.18's: other releases keep states otherwise. */
const isThatKernel = judgeProblem() === undefined && hostProfile().release === '6.18';

describe.skipIf(!isThatKernel)('walks of which the figures are known', () => {
  test.each(WALKS)('$name', async ({ name, text, flags, figures }) => {
    const one = {
      id: name,
      programType: 'socket_filter',
      flags,
      license: 'GPL',
      insns: bytesOf(`${text}\n${END}`),
      maps: [],
      mapUses: [],
      kfuncs: [],
      ksyms: [],
      runs: [],
    } as const;
    const [answer] = await judge([one], { logLevel: 4 });
    const found = /processed (\d+) insns .* max_states_per_insn (\d+) total_states (\d+) peak_states (\d+)/;
    expect(found.exec(answer!.log)?.slice(1).join(' ')).toBe(figures);
  });
});
