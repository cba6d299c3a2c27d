/** Scalars after each step of random programs: ours against this machine's kernel's log (level 2), every bound and bit. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeInstructions } from '../../bpf/encode.ts';
import { seededRandom } from '../fuzz/bytes.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { type Registers, randomScalars, registerText, type ScalarProgram } from './random-scalars.ts';

const PROGRAMS = Number(process.env.SCALAR_PROGRAMS ?? 300);
const SEED = Number(process.env.SCALAR_SEED ?? 1);
const LENGTH = 60;

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: scalars against the kernel`);

/** Register texts without ids and precision marks, by number. */
function readRegisters(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [, number, value] of text.matchAll(/\bR(\d+)=P?(scalar\([^ ]*(?: 0x[0-9a-f]+\)\))?|[^ ]+)/g)) {
    found.set(Number(number), value!.replace(/id=[^,)]*,?/, ''));
  }
  return found;
}

interface KernelStates {
  readonly after: ReadonlyMap<number, ReadonlyMap<number, string>>;
  readonly taken: ReadonlyMap<number, ReadonlyMap<number, string>>;
}

function readLog(log: string): KernelStates {
  const after = new Map<number, ReadonlyMap<number, string>>();
  const taken = new Map<number, ReadonlyMap<number, string>>();
  for (const line of log.split('\n')) {
    // After other lines (of a walk back for precision) the state stands on one of its own.
    const step = /^(\d+): (?:\([0-9a-f]{2}\) .*?; )?(R.*)$/.exec(line);
    if (step !== null && !after.has(Number(step[1]))) after.set(Number(step[1]), readRegisters(step[2]!));
    const from = /^from (\d+) to \d+: (R.*)$/.exec(line);
    if (from !== null && !taken.has(Number(from[1]))) taken.set(Number(from[1]), readRegisters(from[2]!));
  }
  return { after, taken };
}

/** What is not the same, as text. */
function differences(program: ScalarProgram, kernel: KernelStates): string[] {
  const compare = (
    where: string,
    ours: Registers,
    theirs: ReadonlyMap<number, string> | undefined,
  ): string[] => {
    if (theirs === undefined) return [`${where}: the kernel does not come here`];
    return [...ours].flatMap(([register, scalar]) => {
      const text = registerText(scalar);
      const other = theirs.get(register);
      return other === undefined || other === text ? [] : [`${where}: R${register}=${text}, kernel ${other}`];
    });
  };
  return [
    ...[...program.after].flatMap(([slot, ours]) => compare(`after ${slot}`, ours, kernel.after.get(slot))),
    ...[...program.taken].flatMap(([slot, { registers }]) =>
      compare(`taken ${slot}`, registers, kernel.taken.get(slot)),
    ),
  ];
}

describe.skipIf(reason !== undefined)('scalars = kernel', () => {
  let kernel: LinuxBpf;
  beforeAll(async () => {
    kernel = await LinuxBpf.start();
  });
  afterAll(() => kernel.close());

  test(`${PROGRAMS} random programs`, async () => {
    const random = seededRandom(SEED);
    let compared = 0;
    for (let index = 0; index < PROGRAMS; index++) {
      const program = randomScalars(random, LENGTH);
      const { bytes } = encodeInstructions(program.instructions);
      const answer = await kernel.load({ type: 'socket_filter', bytes, logLevel: 2 });
      const states = readLog(answer.log);
      const wrong = differences(program, states);
      if (wrong.length > 0) console.log(`program ${index}\n${wrong[0]}\n${answer.log}`);
      expect(wrong, `program ${index}`).toEqual([]);
      expect(answer.ok, answer.log.slice(-300)).toBe(true);
      await kernel.unload(answer.program!);
      compared += states.after.size + states.taken.size;
    }
    expect(compared).toBeGreaterThan(PROGRAMS * 20);
  });
});
