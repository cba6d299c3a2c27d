/** Programs whose walk is known: what Linux 6.18 prints of it, which `tests/linux/verifier-walks.test.ts` asks for again. */
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';

export interface Walk {
  readonly name: string;
  readonly text: string;
  readonly flags: number;
  /** `processed`, `max_states_per_insn`, `total_states`, `peak_states`. */
  readonly figures: string;
}

/** `BPF_F_TEST_STATE_FREQ` */
export const STATE_FREQ = 8;

export const END = 'r0 = 0\nexit';

export function bytesOf(text: string): Uint8Array {
  const { instructions, diagnostics } = assembleInstructions(text);
  if (diagnostics.length > 0) throw new Error(diagnostics[0]!.message);
  return encodeInstructions(instructions).bytes;
}

const repeated = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const diamonds = (count: number, body: (index: number) => string): string =>
  repeated(count, (i) => `call bpf_get_prandom_u32\nif r0 > 5 goto d${i}\n${body(i)}\nd${i}:`);

/** Without their end. */
export const WALKS: readonly Walk[] = [
  {
    name: 'paths that differ in what nobody reads meet',
    text: diamonds(30, () => 'r7 = 1'),
    flags: 0,
    figures: '200 0 20 20',
  },
  {
    name: 'paths that differ in what matters later do not',
    text: `r7 = 0\n${diamonds(8, (i) => `r7 += ${1 << i}`)}\nif r7 > 4096 goto +0`,
    flags: 0,
    figures: '1534 4 170 22',
  },
  {
    name: 'rounds that are counted are walked one by one',
    text: 'r6 = 0\nagain:\nr6 += 1\nif r6 < 500 goto again',
    flags: 0,
    figures: '1003 4 26 26',
  },
  {
    name: 'rounds counted on the stack',
    text: '*(u64 *)(r10 - 8) = 0\nagain:\nr6 = *(u64 *)(r10 - 8)\nr6 += 1\n*(u64 *)(r10 - 8) = r6\nif r6 < 300 goto again',
    flags: 0,
    figures: '1203 4 16 16',
  },
  {
    name: 'rounds of which each has two ways',
    text: `r6 = 0\nagain:\n${diamonds(1, () => 'r7 = 1')}\nr6 += 1\nif r6 < 100 goto again`,
    flags: 0,
    figures: '1548 15 99 31',
  },
  {
    name: 'a loop in a loop',
    text: 'r6 = 0\nouter:\nr7 = 0\ninner:\nr7 += 1\nif r7 < 30 goto inner\nr6 += 1\nif r6 < 30 goto outer',
    flags: 0,
    figures: '1893 4 49 49',
  },
  {
    name: 'may_goto goes round until a round changes nothing',
    text: 'r6 = 0\nagain:\nmay_goto done\nr6 += 1\ngoto again\ndone:',
    flags: 0,
    figures: '17 2 3 4',
  },
  {
    name: 'slots that are not read do not count',
    text: diamonds(10, (i) => `*(u64 *)(r10 - ${8 * (i + 1)}) = ${i}`),
    flags: 0,
    figures: '68 0 7 7',
  },
  {
    name: 'numbers that were no copies may be copies',
    text: 'r6 = *(u32 *)(r1 + 4)\nr7 = *(u32 *)(r1 + 0)\nr8 = *(u32 *)(r1 + 8)\nif r8 == 7 goto l1\ngoto l2\nl1:\nr7 = r6\nl2:\nr8 = 0\nif r6 > 5 goto l3\nif r6 > 7 goto l3\nl3:\nif r7 > 5 goto l4\nif r7 > 7 goto l4\nl4:',
    flags: STATE_FREQ,
    figures: '16 0 8 8',
  },
  {
    name: 'every state is kept when asked for',
    text: diamonds(5, () => 'r7 = 1'),
    flags: STATE_FREQ,
    figures: '22 0 10 10',
  },
];
