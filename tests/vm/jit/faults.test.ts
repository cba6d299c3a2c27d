/** How compiled programs end when they do something wrong, and what is left then. */
import { describe, expect, test } from 'vitest';
import { helper } from '../../../bpf/helpers/lookup.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { createMachine, directEngine, KERNEL_TAG, type MachineOptions, VmFault } from '../../../vm/index.ts';
import { insn, map, object, wide } from '../support.ts';

const MEMORY: number = 1 << 20;

function faultOf(
  instructions: readonly Instruction[],
  options: MachineOptions,
): VmFault['details'] & { readonly text: string } {
  const machine = createMachine({ memoryLimit: MEMORY, fuel: 5000, ...options });
  const program = machine.load(object(instructions)).programs.get('main')!;
  try {
    machine.run(program, 0, 0);
  } catch (error) {
    if (error instanceof VmFault) return { ...error.details, text: error.message };
    throw error;
  }
  throw new Error('it ended well');
}

const kernel = (low: number): bigint => (BigInt(KERNEL_TAG >>> 0) << 32n) | BigInt(low >>> 0);

describe('wild pointers in checked mode', () => {
  const addresses: readonly (readonly [string, bigint])[] = [
    ['NULL', 0n],
    ['near NULL', 0xfff0n],
    ['page 0 of the kernel', kernel(0xfff8)],
    ['just past the end', kernel(MEMORY)],
    ['across the end', kernel(MEMORY - 4)],
    ['far above', kernel(0xffff_fff8)],
    ['a user address', 0x7f80_0001_0000n],
    ['a small number with the address of memory', 0x2_0000n],
  ];
  const accesses: readonly (readonly [string, Instruction])[] = [
    ['a load', insn('ldx64', { dst: 0, src: 1 })],
    ['a store', insn('stx64', { dst: 1, src: 2, off: 0 })],
    ['a store of an immediate', insn('st64', { dst: 1, imm: 5 })],
    ['an atomic', insn('atomic_add64', { dst: 1, src: 2 })],
  ];
  test.each(
    addresses.flatMap(([where, address]) =>
      accesses.map(([what, one]) => [what, where, address, one] as const),
    ),
  )('%s at %s', (_, __, address, access) => {
    const program = [wide(1, address), insn('mov64_k', { dst: 2 }), access, insn('mov64_k'), insn('exit')];
    const expected = faultOf(program, { mode: 'checked' });
    expect(faultOf(program, { mode: 'checked', engine: directEngine })).toEqual(expected);
    expect(expected.instruction).toBe(2);
    expect(expected.text).toMatch(/(read|write) of 8 bytes at 0x/);
  });
});

test('a trap of a trusted program names the instruction', () => {
  const program = [insn('mov64_k'), wide(1, kernel(0x7000_0000)), insn('ldx64', { src: 1 }), insn('exit')];
  const fault = faultOf(program, { mode: 'trusted', engine: directEngine });
  expect(fault).toMatchObject({ kind: 'access', instruction: 2, program: 'main' });
});

describe('runaway programs end', () => {
  test.each([
    [
      'a loop of nothing',
      [insn('mov64_k', { label: 'a' }), insn('ja', { ref: { kind: 'label', name: 'a' } }), insn('exit')],
    ],
    [
      'loops in a function',
      [
        insn('call', { src: 1, imm: 1, label: 'a' }),
        insn('ja', { ref: { kind: 'label', name: 'a' } }),
        insn('mov64_k', { imm: 3 }),
        insn('add64_k', { imm: -1, label: 'b' }),
        insn('jne_k', { imm: 0, ref: { kind: 'label', name: 'b' } }),
        insn('exit'),
      ],
    ],
  ] as const)('%s', (_, program) => {
    for (const mode of ['trusted', 'checked'] as const) {
      const fault = faultOf(program, { mode, engine: directEngine });
      expect(fault).toMatchObject({ kind: 'fuel', program: 'main' });
      expect(fault.text).toContain('ran 5000 instructions without an end');
    }
  });

  test('functions that call themselves', () => {
    const program = [
      insn('call', { src: 1, imm: 1 }),
      insn('exit'),
      insn('call', { src: 1, imm: -1 }),
      insn('exit'),
    ];
    const fault = faultOf(program, { mode: 'trusted', engine: directEngine });
    expect(fault).toMatchObject({ kind: 'call-depth', instruction: 2 });
  });
});

test('a helper that throws leaves the machine as it should be', () => {
  const machine = createMachine({ memoryLimit: MEMORY, mode: 'trusted', engine: directEngine });
  let fails = true;
  machine.installHelpers(
    new Map([
      [
        helper('ktime_get_ns').id,
        (r) => {
          if (fails) throw new Error('the clock is broken');
          r[0] = 7;
          r[1] = 0;
        },
      ],
    ]),
  );
  const callback = [
    insn('call', { imm: helper('ktime_get_ns').id }),
    insn('mov64_k', { imm: 0 }),
    insn('exit'),
  ];
  const main = [
    insn('st32', { dst: 10, off: -4, imm: 1 }),
    insn('st64', { dst: 10, off: -16, imm: 42 }),
    insn('lddw', { dst: 1, ref: { kind: 'map', name: 'm' } }),
    insn('mov64_x', { dst: 2, src: 10 }),
    insn('add64_k', { dst: 2, imm: -4 }),
    insn('mov64_x', { dst: 3, src: 10 }),
    insn('add64_k', { dst: 3, imm: -16 }),
    insn('mov64_k', { dst: 4 }),
    insn('call', { imm: 2 }),
    insn('lddw', { dst: 1, ref: { kind: 'map', name: 'm' } }),
    insn('lddw', { dst: 2, ref: { kind: 'function', name: 'visit' } }),
    insn('mov64_k', { dst: 3 }),
    insn('mov64_k', { dst: 4 }),
    insn('call', { imm: helper('for_each_map_elem').id }),
    insn('exit'),
  ];
  const image = machine.load(
    object(main, [{ name: 'visit', instructions: callback }], [map('hash', 4, 8, 4)]),
  );
  const program = image.programs.get('main')!;
  expect(() => machine.run(program, 0, 0)).toThrow('the clock is broken');
  const entries = [...image.maps.get('m')!.entries()].map(
    ({ key, value }) => `${key.toHex()}=${value.toHex()}`,
  );
  expect(entries).toEqual(['01000000=2a00000000000000']);
  fails = false;
  expect(machine.run(program, 0, 0)[0]).toBe(1);
  expect(machine.runnable(program).engine).toBe('direct');
});

describe('what takes long without a loop', () => {
  const call = (name: string): Instruction => insn('call', { ref: { kind: 'function', name } });
  const out = [insn('mov64_k'), insn('exit')];

  function faultWith(functions: Readonly<Record<string, readonly Instruction[]>>): VmFault['details'] {
    const { main, ...others } = functions;
    const rest = Object.entries(others).map(([name, instructions]) => ({ name, instructions }));
    const machine = createMachine({
      memoryLimit: MEMORY,
      fuel: 100_000,
      mode: 'checked',
      engine: directEngine,
    });
    const program = machine.load(object(main!, rest)).programs.get('main')!;
    expect(machine.runnable(program).engine).toBe('direct');
    try {
      machine.run(program, 0, 0);
    } catch (error) {
      if (error instanceof VmFault) return error.details;
      throw error;
    }
    throw new Error('it ended well');
  }

  test('functions that call functions that call functions', () => {
    const times = (name: string): readonly Instruction[] => [
      ...new Array<Instruction>(200).fill(call(name)),
      ...out,
    ];
    const functions = {
      main: times('a'),
      a: times('b'),
      b: times('c'),
      c: times('d'),
      d: times('e'),
      e: out,
    };
    expect(faultWith(functions).kind).toBe('fuel');
  });

  test('bpf_loop in bpf_loop in bpf_loop', () => {
    const loop = (name: string): readonly Instruction[] => [
      insn('mov64_k', { dst: 1, imm: 1 << 22 }),
      insn('lddw', { dst: 2, ref: { kind: 'function', name } }),
      insn('mov64_k', { dst: 3 }),
      insn('mov64_k', { dst: 4 }),
      insn('call', { imm: helper('loop').id }),
      ...out,
    ];
    expect(faultWith({ main: loop('a'), a: loop('b'), b: loop('c'), c: out }).kind).toBe('fuel');
  });

  test('a program that calls itself', () => {
    const main = [insn('mov64_k'), insn('call', { src: 1, imm: -2 }), insn('exit')];
    expect(faultWith({ main })).toMatchObject({ kind: 'call-depth', instruction: 1 });
  });
});
