/** The programs of `npm run bench -- vm`: our verifier takes them, and they do what they say. */
import { describe, expect, test } from 'vitest';
import { dumpProblem, recordsProblem } from '../../../bench/vm/effects.ts';
import { machineTrial } from '../../../bench/vm/machine-trial.ts';
import { PROGRAMS } from '../../../bench/vm/programs/index.ts';
import { PERIOD, subjectOf } from '../../../bench/vm/subject.ts';
import { objectCases } from '../../../verifier/case/from-object.ts';
import { verifyCase } from '../../../verifier/case/verify-case.ts';

const RELEASE = '6.18';

describe.each(PROGRAMS)('$name', (program) => {
  const subject = subjectOf(program);

  test('is accepted', () => {
    const [one] = objectCases(subject.linux);
    const { ok, messages } = verifyCase(one!.case!, { kernel: { release: RELEASE } });
    expect({ ok, messages }).toEqual({ ok: true, messages: [] });
  });

  test('returns and leaves in its map what it says', async () => {
    const trial = machineTrial(subject, { mode: 'strict' });
    if (typeof trial === 'string') throw new Error(trial);
    const runs = program.event ? PERIOD + 3 : 1;
    await trial.time(runs);
    const { effect, maps } = subject;
    if (effect === undefined) return;
    if (effect.kind === 'records') {
      expect(recordsProblem(effect, 0, runs, await trial.drain(effect.map))).toBe(undefined);
      await trial.time(PERIOD);
      const drained = await trial.drain(effect.map);
      expect(recordsProblem(effect, runs, runs + PERIOD, drained)).toBe(undefined);
      drained.words[0]! ^= 1;
      expect(recordsProblem(effect, runs, runs + PERIOD, drained)).toMatch('other words');
      return;
    }
    const map = maps.find(({ name }) => name === effect.map)!;
    const dump = await trial.dump(map.name);
    expect(dumpProblem(effect, map, runs, dump)).toBe(undefined);
    const wrong = new Map([...dump].map(([key, value]) => [key, value.replace(/^../, 'fe')]));
    expect(dumpProblem(effect, map, runs, wrong)).toMatch(`map ${map.name} has`);
    if (effect.kind === 'counts') expect(dumpProblem(effect, map, runs + 1, dump)).toMatch(', not ');
  });
});
