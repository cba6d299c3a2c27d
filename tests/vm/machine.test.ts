/** Loading, faults, fuel, callbacks, the machine's helpers. */
import { describe, expect, test } from 'vitest';
import { assembleInstructions } from '../../bpf/asm/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfFunction } from '../../bpf/object.ts';
import {
  createMachine,
  type HelperTable,
  KERNEL_TAG,
  LoadError,
  Memory,
  setResultPair,
  USER_TAG,
  VmFault,
} from '../../vm/index.ts';
import { map, object, pair, runOn } from './support.ts';

const SIZE = { memoryLimit: 2 << 20 };

function text(source: string): readonly Instruction[] {
  const { instructions, diagnostics } = assembleInstructions(source);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return instructions;
}

const functions = (all: Readonly<Record<string, string>>): readonly BpfFunction[] =>
  Object.entries(all).map(([name, source]) => ({ name, instructions: text(source) }));

function faultOf(
  source: string,
  more: Readonly<Record<string, string>> = {},
  maps: readonly MapDefinition[] = [],
): VmFault {
  const machine = createMachine({ ...SIZE, fuel: 10_000 });
  try {
    runOn(machine, object(text(source), functions(more), maps));
  } catch (error) {
    if (error instanceof VmFault) return error;
    throw error;
  }
  throw new Error('no fault');
}

describe('faults say what and where', () => {
  const cases: readonly (readonly [name: string, source: string, want: RegExp])[] = [
    [
      'NULL',
      'r1 = 0\nr0 = *(u64 *)(r1 + 8)\nexit',
      /^main: instruction 1: read of 8 bytes at 0x8: near NULL$/,
    ],
    [
      'a number',
      'r1 = 99999999\n*(u8 *)(r1 + 0) = 1\nexit',
      /instruction 1: write of 1 byte at 0x5f5e0ff: not a kernel address$/,
    ],
    ['below the frames', '*(u64 *)(r10 - 4104) = 1\nexit', /write of 8 bytes at 0xffff8881[0-9a-f]+: /],
    [
      'above the frame',
      'r0 = *(u64 *)(r10 - 4)\nexit',
      /read of 8 bytes at 0xffff8881[0-9a-f]+: \d+ bytes into the stack$/,
    ],
    ['fuel', 'goto -1', /ran 10000 instructions without an end$/],
    ['no exit', 'r0 = 0', /instruction 1: ran past the last instruction$/],
    ['an unknown helper', 'call 999\nexit', /calls helper 999, which this machine does not have$/],
    ['a packet load', 'r0 = *(u8 *)skb[0]\nexit', /loads from a packet, and there is none$/],
    ['callx', 'r1 = 5\ncallx r1\nexit', /calls 0x5, which is no code of this program$/],
    [
      'no map',
      'r1 = 5\nr2 = r10\nr2 += -8\ncall bpf_map_lookup_elem\nexit',
      /argument 1 is 0x5, which is no map$/,
    ],
    [
      'a bad key',
      'r1 = map[m]\nr2 = 0\ncall bpf_map_lookup_elem\nexit',
      /instruction 2: read of 4 bytes at 0x0: near NULL$/,
    ],
    [
      'a value overrun',
      'r1 = map_value[m]+4\nr0 = *(u64 *)(r1 + 0)\nexit',
      /read of 8 bytes at .*: 4 bytes into map m$/,
    ],
  ];
  test.each(cases)('%s', (_name, source, want) => {
    const patched = source.replace('map_value[m]+4', 'map[m][0]+4');
    expect(faultOf(patched, {}, [map('array', 4, 8, 2)]).message).toMatch(want);
  });

  test('recursion', () => {
    const fault = faultOf('call f\nexit', { f: 'call f\nexit' });
    expect(fault.details).toMatchObject({ kind: 'call-depth', program: 'main' });
  });

  test('structured, with the span of the instruction', () => {
    const span = { source: 0, start: 3, end: 9 };
    const main = text('r1 = 0\nr0 = *(u32 *)(r1 + 0)\nexit').map((one, i) =>
      i === 1 ? { ...one, span } : one,
    );
    const machine = createMachine(SIZE);
    let caught: unknown;
    try {
      runOn(machine, object(main));
    } catch (error) {
      caught = error;
    }
    expect((caught as VmFault).details).toEqual({
      kind: 'access',
      program: 'main',
      instruction: 1,
      span,
      address: '0x0',
      access: 'read',
      bytes: 4,
      region: 'near NULL',
    });
  });

  test('a store to read-only memory, and none when not strict', () => {
    const definition = map('array', 4, 8, 1, { flags: 0x80 });
    const source = 'r1 = map[m][0]+0\n*(u64 *)(r1 + 0) = 3\nr0 = *(u64 *)(r1 + 0)\nexit';
    expect(faultOf(source, {}, [definition]).message).toMatch(
      /write of 8 bytes .*: 0 bytes into map m \(read-only\)$/,
    );
    const loose = createMachine({ ...SIZE, mode: 'trusted' });
    expect(runOn(loose, object(text(source), [], [definition]))).toBe(3n);
  });

  test('a store to a hash map key', () => {
    const key = { ...map('hash', 4, 8, 4) };
    const source = `*(u32 *)(r10 - 4) = 7\n*(u64 *)(r10 - 16) = 5\nr1 = map[m]\nr2 = r10\nr2 += -4\nr3 = r10\nr3 += -16
      r4 = 0\ncall bpf_map_update_elem\nr1 = map[m]\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem\n*(u32 *)(r0 - 8) = 1\nexit`;
    expect(faultOf(source, {}, [key]).message).toMatch(/write of 4 bytes/);
  });
});

describe('loading', () => {
  const load = (source: string, maps: readonly MapDefinition[] = []): unknown =>
    createMachine(SIZE).load(object(text(source), [], maps));

  test.each([
    ['a jump out', 'goto +5\nexit', /leaves the program/],
    ['a jump into a wide load', 'goto +1\nr0 = 0x1234567890 ll\nexit', /leaves the program/],
    ['an unknown map', 'r1 = map[nope]\nexit', /no map 'nope'/],
    ['an unknown function', 'call nope\nexit', /no function 'nope'/],
  ] as const)('%s', (_name, source, want) => {
    expect(() => load(source)).toThrow(want);
    expect(() => load(source)).toThrow(LoadError);
  });

  test('a program of no type', () => {
    const whole = object(text('exit'));
    const programs = whole.programs.map((one) => ({ ...one, type: 'unspec', section: 'xdpfoo' }) as const);
    const loading = (): unknown => createMachine(SIZE).load({ ...whole, programs });
    expect(loading).toThrow("program main: the section name 'xdpfoo' tells no program type");
    expect(loading).toThrow(LoadError);
  });

  test('maps beyond memory, of wrong sizes, of types not there', () => {
    expect(() => load('exit', [map('array', 4, 4096, 100_000)])).toThrow(/map m needs 409600000 bytes/);
    expect(() => load('exit', [map('array', 8, 4, 1)])).toThrow(/key size 8 is not 4/);
    expect(() => load('exit', [map('insn_array', 4, 16, 1)])).toThrow(/insn_array is not supported yet/);
  });

  test('data maps hold their bytes', () => {
    const data = new Map([['m', Uint8Array.of(1, 2, 3)]]);
    const main = text('r1 = map[m][0]+1\nr0 = *(u16 *)(r1 + 0)\nexit');
    expect(runOn(createMachine(SIZE), object(main, [], [map('array', 4, 8, 1)], data))).toBe(0x302n);
  });
});

describe('callbacks', () => {
  const LOOP = (
    count: number,
  ): string => `*(u64 *)(r10 - 8) = 0\nr6 = 77\nr1 = ${count}\nr2 = func[f]\nr3 = r10\nr3 += -8
    r4 = 0\ncall bpf_loop\nif r6 != 77 goto +2\nr1 = *(u64 *)(r10 - 8)\nr0 += r1\nexit`;

  test('bpf_loop sums, keeps r6 and returns the count', () => {
    const f = 'r6 = 1\nr3 = *(u64 *)(r2 + 0)\nr3 += r1\n*(u64 *)(r2 + 0) = r3\nr0 = 0\nexit';
    expect(runOn(createMachine(SIZE), object(text(LOOP(10)), functions({ f })))).toBe(55n);
  });

  test('too many iterations', () => {
    const f = 'r0 = 0\nexit';
    expect(
      BigInt.asIntN(64, runOn(createMachine(SIZE), object(text(LOOP(9_000_000)), functions({ f })))),
    ).toBe(-7n);
  });

  test('each round has a budget of its own', () => {
    const f = 'r0 = 0\nr0 = 0\nr0 = 0\nr0 = 0\nr0 = 0\nexit';
    expect(runOn(createMachine({ ...SIZE, fuel: 100 }), object(text(LOOP(1000)), functions({ f })))).toBe(
      1000n,
    );
  });

  test('fuel ends a round that has no end', () => {
    expect(faultOf(LOOP(1000), { f: 'goto -1\nexit' }).details.kind).toBe('fuel');
  });
});

describe('helpers', () => {
  const PROBE = (
    helper: string,
    size: number,
  ): string => `r6 = r1\nr1 = r10\nr1 += -16\nr2 = ${size}\nr3 = *(u64 *)(r6 + 0)
    call ${helper}\nr1 = *(u64 *)(r10 - 16)\nr0 <<= 32\nr1 <<= 32\nr1 >>= 32\nr0 |= r1\nexit`;

  function probe(helper: string, size: number, tag: number, kind: 'user' | 'kernel'): bigint {
    const machine = createMachine(SIZE);
    const source = machine.memory.allocateRegion(8, { kind, label: 'text' });
    machine.memory.write(source, Uint8Array.of(0x61, 0x62, 0x63, 0, 0x64, 0x65, 0x66, 0x67));
    const context = machine.memory.allocateRegion(8, { kind: 'context', label: 'context' });
    machine.memory.writePair(context, source, tag);
    const main = text(`*(u64 *)(r10 - 16) = -1\n${PROBE(helper, size)}`);
    return runOn(machine, object(main), 0, context);
  }

  test.each([
    ['bpf_probe_read_user', 4, USER_TAG, 'user', 0n, 0x0063_6261n],
    ['bpf_probe_read_user', 4, KERNEL_TAG, 'user', -14n, 0n],
    ['bpf_probe_read_kernel', 4, KERNEL_TAG, 'kernel', 0n, 0x0063_6261n],
    ['bpf_probe_read_kernel', 4, USER_TAG, 'kernel', -34n, 0n],
    ['bpf_probe_read_kernel', 16, KERNEL_TAG, 'kernel', -14n, 0n],
    ['bpf_probe_read_kernel', 4, 0, 'kernel', -34n, 0n],
    ['bpf_probe_read_user_str', 8, USER_TAG, 'user', 4n, 0x0063_6261n],
    ['bpf_probe_read_kernel_str', 3, KERNEL_TAG, 'kernel', 3n, 0xff00_6261n],
  ] as const)('%s of %i bytes', (helper, size, tag, kind, status, bytes) => {
    const result = probe(helper, size, tag, kind);
    expect(BigInt.asIntN(32, result >> 32n)).toBe(status);
    expect(result & 0xffff_ffffn).toBe(bytes);
  });

  test('ring buffer: reserve, submit, output', () => {
    const machine = createMachine(SIZE);
    const main =
      text(`r1 = map[m]\nr2 = 16\nr3 = 0\ncall bpf_ringbuf_reserve\nif r0 == 0 goto +5\n*(u64 *)(r0 + 8) = 9
      r1 = r0\nr2 = 0\ncall bpf_ringbuf_submit\n*(u64 *)(r10 - 8) = 8\nr1 = map[m]\nr2 = r10\nr2 += -8\nr3 = 8\nr4 = 0
      call bpf_ringbuf_output\nexit`);
    expect(runOn(machine, object(main, [], [map('ringbuf', 0, 0, 4096)]))).toBe(0n);
    const seen: number[] = [];
    machine.rings[0]!.drain((address, length) =>
      seen.push(length, machine.memory.readLow(address + length - 8)),
    );
    expect(seen).toEqual([16, 9, 8, 8]);
  });

  test('per-CPU values belong to the CPU that runs', () => {
    const machine = createMachine({ ...SIZE, cpus: 2 });
    const main =
      text(`*(u32 *)(r10 - 4) = 0\nr1 = map[m]\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem\nif r0 == 0 goto +4
      r6 = r0\ncall bpf_get_smp_processor_id\nr0 += 10\n*(u64 *)(r6 + 0) = r0\nr0 = 0\nexit`);
    const image = machine.load(object(main, [], [map('percpu_array', 4, 8, 1)]));
    for (const cpu of [0, 1]) machine.run(image.programs.get('main')!, cpu, 0);
    const value = image.maps.get('m')!.lookup(new Uint8Array(4))!;
    expect([value[0], value[8]]).toEqual([10, 11]);
  });

  test('random numbers repeat with the seed', () => {
    const main = text('call bpf_get_prandom_u32\nexit');
    const first = (seed: number): bigint => runOn(createMachine({ ...SIZE, seed }), object(main));
    expect(first(1)).toBe(first(1));
    expect(first(1)).not.toBe(first(2));
  });

  test('a runtime helper wins and reads its arguments', () => {
    const helpers = (): HelperTable =>
      new Map([[5, (registers: Int32Array) => setResultPair(registers, registers[2]! + 1, 7)]]);
    const machine = createMachine({ ...SIZE, helpers });
    expect(runOn(machine, object(text('r1 = 4\ncall bpf_ktime_get_ns\nexit')))).toBe((7n << 32n) | 5n);
  });
});

test('the step hook sees each instruction', () => {
  const machine = createMachine(SIZE);
  const seen: string[] = [];
  machine.onStep = (program, index, registers) => {
    seen.push(`${index} ${program.instructions[index]!.op} ${pair(registers[0]!, registers[1]!)}`);
  };
  runOn(machine, object(text('r0 = 3\nr0 += 4\nexit')));
  expect(seen).toEqual(['0 mov64_k 0', '1 add64_k 3', '2 exit 7']);
});

test('memory gives aligned zero bytes up to its limit', () => {
  const memory = new Memory(1 << 17);
  const first = memory.allocate(3, 'a');
  expect(first).toBeGreaterThanOrEqual(65536);
  expect(memory.allocate(8, 'b') % 8).toBe(0);
  expect(() => memory.allocate(1 << 20, 'much')).toThrow(/much needs 1048576 bytes/);
  const { batch, records } = memory.allocateBatch(16, 1024);
  expect(batch.tid.length).toBe(16);
  expect(records).toBeGreaterThan(first);
});
