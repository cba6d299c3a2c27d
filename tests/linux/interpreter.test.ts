/** The same programs on the interpreter and, by BPF_PROG_TEST_RUN, on this machine's kernel: same r0, same maps. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assembleInstructions } from '../../bpf/asm/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfFunction, BpfObject } from '../../bpf/object.ts';
import { OPCODES } from '../../bpf/opcodes.ts';
import { createMachine } from '../../vm/index.ts';
import { EDGES } from '../vm/reference.ts';
import { insn, map, object, wide } from '../vm/support.ts';
import { hex, LinuxBpf } from './bpf-syscall.ts';

const text = (source: string): readonly Instruction[] => {
  const { instructions, diagnostics } = assembleInstructions(source);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return instructions;
};

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: interpreter against the kernel`);

describe.skipIf(reason !== undefined)('interpreter = kernel', () => {
  let kernel: LinuxBpf;
  beforeAll(async () => {
    kernel = await LinuxBpf.start();
  });
  afterAll(() => kernel.close());

  interface Outcome {
    readonly retval: number;
    readonly maps: Readonly<Record<string, readonly string[]>>;
  }

  async function onKernel(loaded: BpfObject): Promise<Outcome> {
    const answer = await kernel.loadObject(loaded, 'main', 'socket_filter');
    if (!answer.ok) throw new Error(`the kernel refused (errno ${answer.errno}):\n${answer.log}`);
    const { retval } = await kernel.testRun(answer.program!, { data: new Uint8Array(64) });
    await kernel.unload(answer.program!);
    const maps: Record<string, readonly string[]> = {};
    for (const [name, handle] of answer.maps) {
      const entries = await kernel.dump(handle);
      maps[name] = [...entries].map(([key, value]) => `${key}=${value}`).sort();
    }
    return { retval, maps };
  }

  function onMachine(loaded: BpfObject): Outcome {
    const machine = createMachine({ memoryLimit: 8 << 20 });
    const image = machine.load(loaded);
    const context = machine.memory.allocateRegion(256, { kind: 'context', label: 'context' });
    const registers = machine.run(image.programs.get('main')!, 0, context);
    const maps: Record<string, readonly string[]> = {};
    for (const [name, one] of image.maps) {
      maps[name] = [...one.entries()].map(({ key, value }) => `${hex(key)}=${hex(value)}`).sort();
    }
    return { retval: registers[0]! >>> 0, maps };
  }

  async function same(
    main: readonly Instruction[],
    functions: readonly BpfFunction[] = [],
    maps: readonly MapDefinition[] = [],
  ): Promise<Outcome> {
    const loaded = object(main, functions, maps);
    const ours = onMachine(loaded);
    expect(ours).toEqual(await onKernel(loaded));
    return ours;
  }

  /** Folds r0 into an element of an array map, so that one program judges many computations in 64 bits. */
  const RESULTS = map('array', 4, 8, 600);
  const keep = (index: number): readonly Instruction[] => [
    insn('stx64', { dst: 10, src: 0, off: -16 }),
    insn('st32', { dst: 10, off: -4, imm: index }),
    ...text('r1 = map[m]\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem'),
    insn('jeq_k', { dst: 0, imm: 0, off: 2 }),
    insn('ldx64', { dst: 1, src: 10, off: -16 }),
    insn('stx64', { dst: 0, src: 1, off: 0 }),
  ];
  const END = [insn('mov64_k'), insn('exit')];

  const computing = OPCODES.filter((row) => ['alu_k', 'alu_x', 'neg', 'movsx', 'end'].includes(row.form));
  test.each(computing)('$name', async (row) => {
    const main: Instruction[] = [];
    let index = 0;
    for (const a of EDGES) {
      for (const b of EDGES.slice(0, row.form === 'neg' || row.form === 'end' ? 1 : undefined)) {
        const imm = row.form === 'alu_k' ? Number(BigInt.asIntN(32, b)) : 0;
        const shift = ['lsh', 'rsh', 'arsh'].includes(row.operation);
        // The kernel's verifier refuses constant shifts beyond the width and constant division by zero.
        if (row.form === 'alu_k' && shift && (imm < 0 || imm >= row.bits)) continue;
        if (row.form === 'alu_k' && imm === 0 && ['div', 'mod', 'sdiv', 'smod'].includes(row.operation))
          continue;
        if (row.form === 'alu_x' && shift && b >= BigInt(row.bits)) continue;
        const unary = row.form === 'neg' || row.form === 'end' || row.form === 'alu_k';
        main.push(wide(0, a), wide(1, b), insn(row.name, { src: unary ? 0 : 1, imm }), ...keep(index++));
      }
    }
    await same([...main, ...END], [], [RESULTS]);
  });

  const jumps = OPCODES.filter((row) => row.form === 'jmp_k' || row.form === 'jmp_x');
  test.each(jumps)('$name', async (row) => {
    const main: Instruction[] = [];
    let index = 0;
    for (const a of EDGES) {
      for (const b of EDGES) {
        const imm = row.form === 'jmp_k' ? Number(BigInt.asIntN(32, b)) : 0;
        const src = row.form === 'jmp_k' ? 0 : 2;
        main.push(wide(1, a), wide(2, b), insn('mov64_k', { imm: 1 }));
        main.push(insn(row.name, { dst: 1, src, off: 1, imm }), insn('mov64_k'), ...keep(index++));
      }
    }
    await same([...main, ...END], [], [RESULTS]);
  });

  const atomics = OPCODES.filter((row) => ['atomic', 'atomic_fetch', 'cmpxchg'].includes(row.form));
  test.each(atomics)('$name', async (row) => {
    const main: Instruction[] = [];
    let index = 0;
    for (const a of EDGES.slice(0, 12)) {
      for (const b of EDGES.slice(10)) {
        main.push(wide(1, a), insn('stx64', { dst: 10, src: 1, off: -8 }), wide(2, b), wide(0, a));
        main.push(insn(row.name, { dst: 10, src: 2, off: -8 }), insn('mov64_x', { dst: 6, src: 2 }));
        if (row.form === 'cmpxchg') main.push(...keep(index++));
        main.push(insn('ldx64', { src: 10, off: -8 }), ...keep(index++));
        main.push(insn('mov64_x', { src: 6 }), ...keep(index++));
      }
    }
    await same([...main, ...END], [], [RESULTS]);
  });

  const KEYED = `
    *(u32 *)(r10 - 4) = 7
    *(u64 *)(r10 - 16) = 5
    r6 = 0`;
  const update = (flags: number): string => `
    r1 = map[m]
    r2 = r10
    r2 += -4
    r3 = r10
    r3 += -16
    r4 = ${flags}
    call bpf_map_update_elem
    r6 <<= 8
    r0 &= 255
    r6 |= r0`;
  const remove = `
    r1 = map[m]
    r2 = r10
    r2 += -4
    call bpf_map_delete_elem
    r6 <<= 8
    r0 &= 255
    r6 |= r0`;
  const result = '\nr0 = r6\nexit';

  test.each(['hash', 'lru_hash', 'array', 'percpu_array'] as const)('errors of %s', async (type) => {
    // The kernel's LRU takes a new element before it looks for the old one: a tiny map evicts what it updates.
    for (const size of type === 'lru_hash' ? [64] : [1, 8]) {
      const definition = map(type, 4, 8, size);
      // Values of other CPUs differ in number: only results are compared.
      const loaded = (body: string): BpfObject => object(text(`${KEYED}${body}${result}`), [], [definition]);
      for (const body of [
        update(2) + update(1) + update(1) + update(0),
        update(0) + update(2) + remove + remove,
        update(3) + update(4) + update(8),
      ]) {
        const ours = onMachine(loaded(body));
        const theirs = await onKernel(loaded(body));
        expect(ours.retval).toBe(theirs.retval);
        if (type !== 'percpu_array') expect(ours.maps).toEqual(theirs.maps);
      }
    }
  });

  test('a full hash answers E2BIG', async () => {
    const second = '\n*(u32 *)(r10 - 4) = 8';
    const main = text(`${KEYED}${update(0)}${second}${update(0)}${remove}${result}`);
    const { retval } = await same(main, [], [map('hash', 4, 8, 1)]);
    expect(retval).toBe((249 << 8) | 254);
  });

  test('queue and stack', async () => {
    for (const type of ['queue', 'stack'] as const) {
      const push = (value: number, flags: number): string => `
        *(u64 *)(r10 - 8) = ${value}
        r1 = map[m]
        r2 = r10
        r2 += -8
        r3 = ${flags}
        call bpf_map_push_elem
        r6 <<= 4
        r0 &= 15
        r6 |= r0`;
      const pop = `
        r1 = map[m]
        r2 = r10
        r2 += -8
        call bpf_map_pop_elem
        r1 = *(u64 *)(r10 - 8)
        r6 <<= 4
        r6 |= r1`;
      const main = text(
        `r6 = 0${push(1, 0)}${push(2, 0)}${push(3, 0)}${push(4, 2)}${pop}${pop}${pop}${result}`,
      );
      const loaded = object(main, [], [map(type, 0, 8, 2)]);
      expect(onMachine(loaded).retval).toBe((await onKernel(loaded)).retval);
    }
  });

  test('calls and callbacks', async () => {
    const add = {
      name: 'add',
      instructions: text(
        'r3 = *(u64 *)(r2 + 0)\nr3 += r1\n*(u64 *)(r2 + 0) = r3\nr0 = 0\nif r1 < 5 goto +1\nr0 = 1\nexit',
      ),
    };
    const main = text(`
      *(u64 *)(r10 - 8) = 100
      r1 = 10
      r2 = func[add]
      r3 = r10
      r3 += -8
      r4 = 0
      call bpf_loop
      r6 = r0
      r0 = *(u64 *)(r10 - 8)
      r0 <<= 8
      r0 |= r6
      exit`);
    const { retval } = await same(main, [add]);
    expect(retval).toBe((115 << 8) | 6);
  });

  test('for_each_map_elem deletes while it walks', async () => {
    const visit = {
      name: 'visit',
      instructions: text(
        'r6 = r4\nr7 = *(u64 *)(r3 + 0)\nr8 = *(u64 *)(r6 + 0)\nr8 += r7\n*(u64 *)(r6 + 0) = r8\ncall bpf_map_delete_elem\nr0 = 0\nexit',
      ),
    };
    const fill = [1, 2, 3, 4].map(
      (key) => `*(u32 *)(r10 - 4) = ${key}\n*(u64 *)(r10 - 16) = ${key * 10}${update(0)}`,
    );
    const main = text(`r6 = 0\n${fill.join('\n')}
      *(u64 *)(r10 - 24) = 0
      r1 = map[m]
      r2 = func[visit]
      r3 = r10
      r3 += -24
      r4 = 0
      call bpf_for_each_map_elem
      r1 = *(u64 *)(r10 - 24)
      r1 <<= 8
      r0 |= r1
      exit`);
    const { retval } = await same(main, [visit], [map('hash', 4, 8, 8)]);
    expect(retval).toBe((100 << 8) | 4);
  });
});
