/** Programs that make a verifier work in one way each, in assembly text. */
import { assembleInstructions } from '../../bpf/asm/index.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import type { Case } from '../../verifier/case/case.ts';

export interface Subject {
  readonly name: string;
  readonly one: Case;
}

function repeated(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

const EXIT = 'r0 = 0\nexit';
const UNKNOWN = 'call bpf_get_prandom_u32';

const OPERATIONS = [
  'r1 += r2',
  'r2 ^= 21',
  'r1 *= 3',
  'r2 |= r1',
  'r1 -= 9',
  'r2 <<= 1',
  'r1 &= r2',
  'r2 >>= 2',
];

function arithmetic(count: number): string {
  return repeated(count, (index) => OPERATIONS[index % OPERATIONS.length]!);
}

/** A round is so many instructions beside counting and jumping. */
function loop(rounds: number, body: string): string {
  return `r6 = 0\nagain:\n${body}\nr6 += 1\nif r6 < ${rounds} goto again\n${EXIT}`;
}

const TEXTS: Readonly<Record<string, string>> = {
  'arithmetic on constants': `r1 = 7\nr2 = 9\n${arithmetic(992)}\n${EXIT}`,
  'arithmetic on unknowns': `${UNKNOWN}\nr1 = r0\n${UNKNOWN}\nr2 = r0\n${UNKNOWN}\nr1 = r0\nr2 = r0\n${arithmetic(980)}\n${EXIT}`,
  stack: `r1 = 1\n${repeated(490, (i) => `*(u64 *)(r10 - ${8 + (i % 64) * 8}) = r1\nr2 = *(u64 *)(r10 - ${8 + (i % 64) * 8})`)}\n${EXIT}`,
  diamonds: `${repeated(330, (i) => `${UNKNOWN}\nif r0 > 5 goto d${i}\nr7 = 1\nd${i}:`)}\n${EXIT}`,
  'diamonds that matter': `r7 = 0\n${repeated(12, (i) => `${UNKNOWN}\nif r0 > 5 goto d${i}\nr7 += ${1 << i}\nd${i}:`)}\nif r7 > 4096 goto +0\n${EXIT}`,
  'loop of 10,000': loop(3330, 'r1 = r6'),
  'loop of 100,000': loop(33_300, 'r1 = r6'),
  'loop of 1,000,000': loop(333_000, 'r1 = r6'),
  '1,000,000 in long rounds': `r1 = 1\nr2 = 2\n${loop(9700, arithmetic(100))}`,
  '1,000,000 in rounds of stack': loop(
    9700,
    repeated(50, (i) => `*(u64 *)(r10 - ${8 + (i % 32) * 8}) = r6\nr2 = *(u64 *)(r10 - ${8 + (i % 32) * 8})`),
  ),
  'too large': loop(400_000, 'r1 = r6'),
};

export const EMPTY: Case = caseOf('empty', EXIT);

export const SUBJECTS: readonly Subject[] = Object.entries(TEXTS).map(([name, text]) => ({
  name,
  one: caseOf(name, text),
}));

function caseOf(id: string, text: string): Case {
  const { instructions, diagnostics } = assembleInstructions(text);
  if (diagnostics.length > 0) throw new Error(`${id}: ${diagnostics[0]!.message}`);
  const { bytes, problems } = encodeInstructions(instructions);
  if (problems.length > 0) throw new Error(`${id}: ${problems[0]!.message}`);
  return {
    id,
    programType: 'socket_filter',
    flags: 0,
    license: 'GPL',
    insns: bytes,
    maps: [],
    mapUses: [],
    kfuncs: [],
    ksyms: [],
    runs: [],
  };
}
