/**
 * The reference interpreter: nanoseconds an instruction on five programs with strict checks and without, and the ratio
 * of the two: what checking every access costs.
 */
import { assembleInstructions } from '../bpf/asm/index.ts';
import type { Instruction } from '../bpf/instruction.ts';
import type { MapDefinition } from '../bpf/maps.ts';
import type { BpfObject } from '../bpf/object.ts';
import { createMachine } from '../vm/index.ts';
import { median } from './measure.ts';

const ROUNDS = 9;
/** Instructions a round runs, about. */
const ROUND_SIZE = 2_000_000;

interface Subject {
  readonly name: string;
  readonly text: string;
  readonly map?: MapDefinition;
}

const loop = (count: number, body: string): string => `
  r6 = ${count}
  r1 = 0x123456789abcdef ll
  r2 = 0x9e3779b97f4a7c15 ll
again:
  ${body}
  r6 += -1
  if r6 != 0 goto again
  r0 = r1
  exit`;

const COUNTS: MapDefinition = {
  name: 'm',
  type: 'hash',
  keySize: 8,
  valueSize: 8,
  maxEntries: 1024,
  flags: 0,
};

const SUBJECTS: readonly Subject[] = [
  {
    name: 'alu64',
    text: loop(1000, 'r1 += r2\nr1 ^= r2\nr3 = r1\nr3 <<= 13\nr1 *= r3\nr3 >>= 7\nr1 |= r3\nr1 -= r2'),
  },
  {
    name: 'alu32',
    text: loop(1000, 'w1 += w2\nw1 ^= w2\nw3 = w1\nw3 <<= 13\nw1 *= w3\nw3 >>= 7\nw1 |= w3\nw1 -= w2'),
  },
  { name: 'div64', text: loop(1000, 'r3 = r2\nr3 /= r6\nr1 += r3\nr3 %= r6\nr1 ^= r3') },
  {
    name: 'stack',
    text: loop(
      1000,
      '*(u64 *)(r10 - 8) = r1\nr3 = *(u64 *)(r10 - 8)\n*(u32 *)(r10 - 16) = r3\nr1 = *(u32 *)(r10 - 16)\nr1 += r2',
    ),
  },
  {
    name: 'count',
    map: COUNTS,
    text: `*(u64 *)(r10 - 8) = 7
      r1 = map[m]
      r2 = r10
      r2 += -8
      call bpf_map_lookup_elem
      if r0 != 0 goto found
      *(u64 *)(r10 - 16) = 1
      r1 = map[m]
      r2 = r10
      r2 += -8
      r3 = r10
      r3 += -16
      r4 = 0
      call bpf_map_update_elem
      r0 = 0
      exit
      found:
      r1 = *(u64 *)(r0 + 0)
      r1 += 1
      *(u64 *)(r0 + 0) = r1
      r0 = 0
      exit`,
  },
];

interface Row {
  readonly program: string;
  readonly strict: number;
  readonly loose: number;
  readonly ratio: number;
}

/** Prints the table, or JSON. */
export async function run(options: { readonly json: boolean }): Promise<void> {
  const rows = SUBJECTS.map(measure);
  if (options.json) {
    console.log(JSON.stringify({ bench: 'interpreter', unit: 'ns/instruction', rows }));
    return;
  }
  console.log('program   strict ns/insn   loose ns/insn   strict/loose');
  for (const { program, strict, loose, ratio } of rows) {
    const cells = [
      strict.toFixed(2).padStart(8),
      loose.toFixed(2).padStart(15),
      ratio.toFixed(2).padStart(15),
    ];
    console.log(program.padEnd(14) + cells.join(''));
  }
}

function measure(subject: Subject): Row {
  const strict = timer(subject, true);
  const loose = timer(subject, false);
  const times: [number[], number[]] = [[], []];
  // Interleaved, the first round is thrown away.
  for (let round = -1; round < ROUNDS; round++) {
    const pair = [strict(), loose()] as const;
    if (round < 0) continue;
    times[0].push(pair[0]);
    times[1].push(pair[1]);
  }
  const [a, b] = [median(times[0]), median(times[1])];
  return { program: subject.name, strict: a, loose: b, ratio: a / b };
}

/** Runs one round; gives nanoseconds an instruction. */
function timer(subject: Subject, strict: boolean): () => number {
  const machine = createMachine({ mode: strict ? 'strict' : 'trusted', memoryLimit: 8 << 20 });
  const program = machine.load(objectOf(subject)).programs.get('main')!;
  machine.run(program, 0, 0);
  let steps = 0;
  machine.onStep = () => steps++;
  machine.run(program, 0, 0);
  machine.onStep = undefined;
  const runs = Math.max(1, Math.round(ROUND_SIZE / steps));
  return () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < runs; i++) machine.run(program, 0, 0);
    return Number(process.hrtime.bigint() - start) / (runs * steps);
  };
}

function objectOf(subject: Subject): BpfObject {
  const { instructions, diagnostics } = assembleInstructions(subject.text);
  const [wrong] = diagnostics;
  if (wrong !== undefined) throw new Error(`${subject.name}: ${wrong.message}`);
  const main: readonly Instruction[] = instructions;
  return {
    name: subject.name,
    endian: 'little',
    license: 'GPL',
    programs: [
      { name: 'main', type: 'raw_tracepoint', section: 'raw_tp/bench', attach: [], instructions: main },
    ],
    functions: [],
    maps: subject.map === undefined ? [] : [subject.map],
    data: new Map(),
    sources: [],
  };
}
