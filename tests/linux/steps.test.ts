/**
 * Random programs of arithmetic, copies and jumps: our verdict, our message and every line of our log of level 2 against
 * this machine's kernel's: each state, each path put aside, each walk back for precision.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeInstructions } from '../../bpf/encode.ts';
import { verify } from '../../verifier/index.ts';
import { seededRandom } from '../fuzz/bytes.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { randomSteps } from './random-steps.ts';

const PROGRAMS = Number(process.env.STEP_PROGRAMS ?? 400);
const SEED = Number(process.env.STEP_SEED ?? 1);
const LENGTH = 45;
/** One operand in so many is a mistake. */
const MISTAKES = 150;

/**
 * What stands before the first step; figures that tell how fast; the kernel's complaint of its own ranges, behind which the
 * state stands on a line of its own.
 */
const LEFT_OUT =
  /^(func#|Live regs|verification time| +\d+: [.0-9]{10} |stack depth|verifier bug: REG INVARIANTS)/;

function logLines(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => !LEFT_OUT.test(line))
    .map((line) => line.replace(/ +; R/, ' ; R').replace(/ mark_read .*/, ''));
}

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: steps against the kernel`);

describe.skipIf(reason !== undefined)('steps = kernel', () => {
  let kernel: LinuxBpf;
  beforeAll(async () => {
    kernel = await LinuxBpf.start();
  });
  afterAll(() => kernel.close());

  test(`${PROGRAMS} random programs`, async () => {
    const random = seededRandom(SEED);
    let accepted = 0;
    for (let index = 0; index < PROGRAMS; index++) {
      const { bytes } = encodeInstructions(randomSteps(random, LENGTH, MISTAKES));
      const answer = await kernel.load({ type: 'socket_filter', bytes, logLevel: 2 });
      if (answer.program !== undefined) await kernel.unload(answer.program);
      const report = verify({ type: 'socket_filter', bytes }, { logLevel: 2 });
      expect(report.accepted, `program ${index}: ${answer.log.slice(-300)}`).toBe(answer.ok);
      if (answer.ok) accepted++;
      if (answer.log.includes('REG INVARIANTS')) continue;
      expect(logLines(report.log), `program ${index}`).toEqual(logLines(answer.log));
    }
    expect(accepted).toBeGreaterThan(PROGRAMS / 5);
  });
});
