/** Every kind of pointer: loaded from, stored to, changed by atomics and arithmetic, compared, spilled. */
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import type { Case } from '../../../verifier/case/case.ts';
import { caseOf } from './case-text.ts';
import { EPILOGUE, MAPS, PROLOGUE, VALUES } from './values.ts';

/** More kinds than arguments have: what a helper gives, and packets. */
const SOURCES: Readonly<Record<string, (r: string) => string>> = {
  ...VALUES,
  record: (r) => `r1 = map[ringbuf]\nr2 = 16\nr3 = 0\ncall bpf_ringbuf_reserve\n${r} = r0`,
  'record-checked': (r) =>
    `r1 = map[ringbuf]\nr2 = 16\nr3 = 0\ncall bpf_ringbuf_reserve\nif r0 == 0 goto out\n${r} = r0`,
  task: (r) => `call bpf_get_current_task_btf\n${r} = r0`,
  number: (r) => `call bpf_get_current_task\n${r} = r0`,
  packet: (r) => `${r} = *(u32 *)(r6 + 76)`,
  'packet-end': (r) => `${r} = *(u32 *)(r6 + 80)`,
  'packet-checked': (r) =>
    `${r} = *(u32 *)(r6 + 76)\nr0 = *(u32 *)(r6 + 80)\nr4 = ${r}\nr4 += 16\nif r4 > r0 goto out`,
  socket: (r) => `${r} = *(u64 *)(r6 + 168)`,
  'socket-checked': (r) => `${r} = *(u64 *)(r6 + 168)\nif ${r} == 0 goto out`,
};

const NETWORK = /^(packet|socket)/;

const ACCESSES: readonly string[] = [1, 2, 4, 8].flatMap((size) =>
  [-8, -1, 0, 1, 4, 8, 15, 16, 56, 60, 64].flatMap((off) => {
    const place = `*(u${size * 8} *)(r3 ${off < 0 ? '-' : '+'} ${Math.abs(off)})`;
    const signed = `*(s${size * 8} *)(r3 ${off < 0 ? '-' : '+'} ${Math.abs(off)})`;
    const list = [`r5 = ${place}`, `${place} = r7`, `${place} = 1`, `${place} = r8`, `${place} = r6`];
    if (size < 8) list.push(`r5 = ${signed}`);
    if (size >= 4)
      list.push(
        `lock ${place} += r7`,
        `r5 = 1\nr5 = atomic_fetch_add((u${size * 8} *)(r3 ${off < 0 ? '-' : '+'} ${Math.abs(off)}), r5)`,
      );
    return list;
  }),
);

const OPERATORS = ['+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=', 's>>='] as const;
const OPERANDS = ['0', '1', '8', '-8', '64', '1000000000', 'r7', 'r8', 'r10', 'r3'] as const;
const ARITHMETIC: readonly string[] = [
  ...OPERATORS.flatMap((op) => OPERANDS.map((operand) => `r3 ${op} ${operand}`)),
  ...OPERATORS.flatMap((op) => ['1', 'w7'].map((operand) => `w3 ${op} ${operand}`)),
  'r3 = -r3',
  'r3 = be16 r3',
  'w3 = w3',
  'r4 = r3\nr4 -= r3',
  'r7 += r3',
  'r7 -= r3',
  'r7 &= 7\nr3 += r7\nr5 = *(u8 *)(r3 + 0)',
  'r7 &= 7\nr3 -= r7\nr5 = *(u8 *)(r3 + 0)',
  'r7 &= 63\nr3 += r7\nr5 = *(u8 *)(r3 + 1)',
  'r3 += 4\nr5 = *(u8 *)(r3 + 0)',
  'r3 += -4\nr5 = *(u8 *)(r3 + 4)',
  '*(u64 *)(r10 - 40) = r3\nr4 = *(u64 *)(r10 - 40)\nr5 = *(u8 *)(r4 + 0)',
  '*(u64 *)(r10 - 40) = r3\nr4 = *(u32 *)(r10 - 40)',
  '*(u64 *)(r10 - 40) = r3\n*(u8 *)(r10 - 40) = 1\nr4 = *(u64 *)(r10 - 40)',
  '*(u32 *)(r10 - 40) = r3',
  'r0 = r3\nexit',
];

const COMPARISONS: readonly string[] = ['==', '!=', '>', '<', '>=', '<=', 's>', 's<', '&'].flatMap((op) =>
  ['0', '1', 'r7', 'r8', 'r9', 'r3', 'r10'].flatMap((operand) => [
    `if r3 ${op} ${operand} goto out\nr5 = *(u8 *)(r3 + 0)`,
    `if r3 ${op} ${operand} goto +1\ngoto out\nr5 = *(u8 *)(r3 + 0)`,
  ]),
);

export function* accessMatrix(): Generator<Case> {
  yield* matrix('access', ACCESSES);
}

export function* arithmeticMatrix(): Generator<Case> {
  yield* matrix('arithmetic', [...ARITHMETIC, ...COMPARISONS]);
}

function* matrix(family: string, uses: readonly string[]): Generator<Case> {
  for (const [name, make] of Object.entries(SOURCES)) {
    const types: readonly ProgramTypeName[] = NETWORK.test(name) ? ['sched_cls'] : ['kprobe', 'sched_cls'];
    for (const type of types) {
      for (const use of uses) {
        yield caseOf({
          id: `${family}-${type}-${name}/#${use.replaceAll('\n', '; ')}`,
          type,
          text: [PROLOGUE, make('r3'), use, EPILOGUE].join('\n'),
          maps: MAPS,
        });
      }
    }
  }
}
