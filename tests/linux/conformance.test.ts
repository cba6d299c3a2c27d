/** The conformance cases on this machine's kernel: the truth they were written down from. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assembleInstructions } from '../../bpf/asm/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { conformanceCases } from '../vm/conformance/case.ts';
import { insn, map, object } from '../vm/support.ts';
import { hex, LinuxBpf } from './bpf-syscall.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: conformance cases on the kernel`);

const LENGTH = 64;
/** Element 0 is the memory, element 1 takes r0. */
const MEMORY = map('array', 4, LENGTH, 2);

const text = (source: string): readonly Instruction[] => assembleInstructions(source).instructions;

/** Its first element's address in r0. */
const element = (index: number): readonly Instruction[] => [
  insn('st32', { dst: 10, off: -12, imm: index }),
  ...text('r1 = map[m]\nr2 = r10\nr2 += -12\ncall bpf_map_lookup_elem'),
  ...text(`if r0 != 0 goto found${index}\nr0 = 0\nexit\nfound${index}:\nr1 = r0`),
];

/** With functions of its own a case keeps its exits, and its r0 is the low half alone. */
function wrapped(program: readonly Instruction[], length: number | undefined): readonly Instruction[] {
  const start = length === undefined ? [] : [...element(0), insn('mov64_k', { dst: 2, imm: length })];
  if (program.some(({ op, src }) => op === 'call' && src === 1)) return [...start, ...program];
  const body = program.map(
    (one): Instruction =>
      one.op === 'exit' ? { ...one, op: 'ja', ref: { kind: 'label', name: 'end of case' } } : one,
  );
  const keep = insn('stx64', { dst: 10, src: 0, off: -32 });
  return [
    ...start,
    ...body,
    { ...keep, label: 'end of case' },
    ...element(1),
    ...text('r2 = *(u64 *)(r10 - 32)\n*(u64 *)(r1 + 0) = r2\nr0 = r2\nexit'),
  ];
}

describe.skipIf(reason !== undefined)('conformance cases', () => {
  let kernel: LinuxBpf;
  beforeAll(async () => {
    kernel = await LinuxBpf.start();
  });
  afterAll(() => kernel.close());

  /** Ends are not seen by the verifier: of memory by a pointer, of a loop by a remainder. */
  const REFUSED = ['FNV-1a of some bytes', 'the greatest common divisor'];

  test.each(conformanceCases())('$name', async ({ name, program, memory, r0, memoryAfter }) => {
    const instructions = wrapped(program, memory?.length);
    const {
      ok,
      program: loaded,
      log,
      maps,
    } = await kernel.loadObject(object(instructions, [], [MEMORY]), 'main', 'socket_filter');
    expect(ok, log).toBe(!REFUSED.includes(name));
    if (!ok) return;
    const whole = (bytes: Uint8Array | undefined): Uint8Array => {
      const value = new Uint8Array(LENGTH);
      value.set(bytes ?? []);
      return value;
    };
    await kernel.update(maps.get('m')!, new Uint8Array(4), whole(memory));
    const { retval } = await kernel.testRun(loaded!, { data: new Uint8Array(64) });
    const dump = await kernel.dump(maps.get('m')!);
    await kernel.unload(loaded!);
    expect(retval).toBe(Number(BigInt.asUintN(32, r0)));
    expect(dump.get('00000000')).toBe(hex(whole(memoryAfter ?? memory)));
    if (program.some(({ op, src }) => op === 'call' && src === 1)) return;
    const result = Uint8Array.fromHex(dump.get('01000000')!);
    expect(new DataView(result.buffer).getBigUint64(0, true)).toBe(r0);
  });
});
