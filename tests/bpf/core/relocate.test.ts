import { describe, expect, test } from 'vitest';
import type { BtfType } from '../../../bpf/btf/type.ts';
import { needsCore, relocateCore } from '../../../bpf/core/relocate.ts';
import type { CoreRelocation } from '../../../bpf/core/relocation.ts';
import { CoreTarget } from '../../../bpf/core/target.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { EXIT, load, mov, objectOf, wide } from './object.ts';
import { enumeration, int, type MemberRow, struct, table, union } from './table.ts';

/** Ids 1 ... 4; a struct of a test is 5. */
const INTS: readonly BtfType[] = [
  int('unsigned int', 4),
  int('int', 4, true),
  int('u64', 8),
  { kind: 'ptr', type: 0 },
];
const U32 = 1;
const S32 = 2;
const U64 = 3;
const POINTER = 4;
const types = (...more: readonly BtfType[]) => table([...INTS, ...more]);

const offsetOf = (access: string): CoreRelocation => ({ kind: 'field_byte_offset', type: 5, access });

describe('fields', () => {
  const local = types(struct('task', 8, ['pid', U32, 0], ['flags', U32, 4]));
  const target = types(struct('task', 128, ['flags', U32, 8], ['pid', U32, 96]));

  test('an offset goes into a load, an immediate and a wide load', () => {
    const pid = offsetOf('0:0');
    const object = objectOf(local, load(0, pid), mov(0, pid), wide(0n, pid), EXIT);
    expect(needsCore(object)).toBe(true);
    const result = relocateCore(object, target);
    expect(result.problems).toEqual([]);
    expect(needsCore(result.object)).toBe(false);
    expect(result.object.programs[0]!.instructions).toEqual([
      { op: 'ldx32', dst: 1, src: 1, off: 96, imm: 0 },
      { op: 'mov64_k', dst: 1, src: 0, off: 0, imm: 96 },
      { op: 'lddw', dst: 1, src: 0, off: 0, imm: 96, immHigh: 0 },
      EXIT,
    ]);
    expect(
      result.relocations.map(({ operand, oldValue, newValue }) => [operand, oldValue, newValue]),
    ).toEqual([
      ['off', 0n, 96n],
      ['imm', 0n, 96n],
      ['imm64', 0n, 96n],
    ]);
    expect(result.relocations[2]).toMatchObject({ function: 'prog', instruction: 2, slot: 2 });
    expect(result.relocations[0]).toMatchObject({
      local: '<byte_off> [5] struct task.pid (0:0 @ offset 0)',
      target: '<byte_off> [5] struct task.pid (0:1 @ offset 96)',
      outcome: 'patched',
    });
  });

  test('the object given stays as it was', () => {
    const object = objectOf(local, load(0, offsetOf('0:0')), EXIT);
    const before = JSON.stringify(object.programs);
    relocateCore(object, target);
    expect(JSON.stringify(object.programs)).toBe(before);
  });

  test('an instruction that holds another value than its own types say is refused', () => {
    const result = relocateCore(objectOf(local, load(4, offsetOf('0:0')), EXIT), target);
    expect(result.problems).toMatchObject([
      {
        severity: 'error',
        function: 'prog',
        instruction: 0,
        message:
          'cannot relocate field_byte_offset of field pid of struct task: ldx32 holds 4, not the 0 of its own types',
      },
    ]);
    expect(needsCore(result.object)).toBe(true);
    expect(result.relocations[0]!.outcome).toBe('failed');
  });

  test('an offset past 16 bits fits an immediate but no load', () => {
    const far = types(struct('task', 0x20000, ['pid', U32, 0x10000]));
    const result = relocateCore(
      objectOf(local, load(0, offsetOf('0:0')), mov(0, offsetOf('0:0')), EXIT),
      far,
    );
    expect(result.problems.map((one) => one.message)).toEqual([
      'cannot relocate field_byte_offset of field pid of struct task: 65536 does not fit the 16-bit offset of ldx32',
    ]);
    expect(result.relocations[1]!.newValue).toBe(65536n);
  });

  test('a missing field makes an invalid call of the instruction and a warning', () => {
    const without = new CoreTarget({ kernel: types(struct('task', 8, ['flags', U32, 0])), name: '5.4' });
    const result = relocateCore(
      objectOf(local, wide(0n, offsetOf('0:0')), load(4, offsetOf('0:1')), EXIT),
      without,
    );
    const bad = { op: 'call', dst: 0, src: 0, off: 0, imm: 195896080 };
    expect(result.object.programs[0]!.instructions.slice(0, 2)).toEqual([bad, bad]);
    expect(result.object.programs[0]!.instructions[2]).toMatchObject({ op: 'ldx32', off: 0 });
    expect(result.relocations[1]).toMatchObject({ instruction: 1, slot: 2 });
    expect(result.problems).toEqual([
      {
        function: 'prog',
        instruction: 0,
        slot: 0,
        severity: 'warning',
        message:
          'relocation would fail at run time: field pid of struct task is not in 5.4; guard it with bpf_core_field_exists',
      },
    ]);
  });

  test('labels and spans stay on what takes the place', () => {
    const span = { source: 0, start: 3, end: 7 };
    const labelled = { ...wide(0n, offsetOf('0:0')), label: 'here', span };
    const result = relocateCore(objectOf(local, labelled, EXIT), types());
    const bad = { op: 'call', dst: 0, src: 0, off: 0, imm: 195896080, span };
    expect(result.object.programs[0]!.instructions).toEqual([{ ...bad, label: 'here' }, bad, EXIT]);
    expect(result.problems[0]!.span).toBe(span);
  });

  test('programs that are not loaded are left alone', () => {
    const object = objectOf(local, load(0, offsetOf('0:0')), EXIT);
    const programs = object.programs.map((program) => ({ ...program, autoload: false as const }));
    const result = relocateCore({ ...object, programs }, types());
    expect(result).toEqual({ object: { ...object, programs }, relocations: [], problems: [] });
    expect(needsCore(result.object)).toBe(false);
  });

  test('subprograms are relocated as programs are', () => {
    const { programs, ...rest } = objectOf(local, load(0, offsetOf('0:0')), EXIT);
    const functions = programs.map(({ instructions }) => ({ name: 'callee', instructions }));
    const result = relocateCore({ ...rest, programs: [], functions }, target);
    expect(result.object.functions[0]!.instructions[0]).toMatchObject({ off: 96 });
    expect(result.relocations[0]!.function).toBe('callee');
  });

  test('a missing struct and an incompatible field are told as such', () => {
    const other = types(struct('task', 8, ['pid', POINTER, 0]));
    const message = (target: ReturnType<typeof table>): string | undefined =>
      relocateCore(objectOf(local, load(0, offsetOf('0:0')), EXIT), target).problems[0]?.message;
    expect(message(types())).toContain('struct task is not in the target kernel;');
    expect(message(other)).toContain('field pid of struct task is of another type in the target kernel;');
  });

  test('what a check for existence guards is no problem', () => {
    const without = types(struct('task', 8, ['flags', U32, 0]));
    const exists: CoreRelocation = { kind: 'field_exists', type: 5, access: '0:0' };
    const guard: Instruction = { op: 'jeq_k', dst: 1, src: 0, off: 1, imm: 0 };
    const object = objectOf(local, mov(1, exists), guard, load(0, offsetOf('0:0')), EXIT);
    const gone = relocateCore(object, without);
    expect(gone.problems).toEqual([]);
    expect(gone.relocations.map((one) => [one.outcome, one.newValue, one.guarded])).toEqual([
      ['patched', 0n, undefined],
      ['poisoned', undefined, true],
    ]);
    const wrong = objectOf(local, mov(1, exists), { ...guard, op: 'jne_k' }, load(0, offsetOf('0:0')), EXIT);
    expect(relocateCore(wrong, without).problems).toHaveLength(1);
    expect(relocateCore(object, target).relocations[1]).toMatchObject({ outcome: 'patched', newValue: 96n });
  });
});

test('what a subprogram lacks is no problem while only guarded code calls it', () => {
  const local = types(struct('task', 8, ['pid', U32, 0]));
  const exists: CoreRelocation = { kind: 'field_exists', type: 5, access: '0:0' };
  const call: Instruction = {
    op: 'call',
    dst: 0,
    src: 1,
    off: 0,
    imm: -1,
    ref: { kind: 'function', name: 'reader' },
  };
  const jump: Instruction = { op: 'jeq_k', dst: 1, src: 0, off: 1, imm: 0 };
  const { programs, ...rest } = objectOf(local, mov(1, exists), jump, call, EXIT);
  const reader = { name: 'reader', instructions: [load(0, offsetOf('0:0')), EXIT] };
  const problems = (functions: (typeof reader & { readonly linkage?: 'global' })[], from = programs) =>
    relocateCore({ ...rest, programs: from, functions }, types()).problems;
  expect(problems([reader])).toEqual([]);
  // The kernel verifies a global function whoever calls it.
  expect(problems([{ ...reader, linkage: 'global' }])).toMatchObject([
    { function: 'reader', severity: 'warning' },
  ]);
  const always = [{ ...programs[0]!, instructions: [call, EXIT] }];
  expect(problems([reader], always)).toMatchObject([{ function: 'reader', instruction: 0 }]);
});

describe('loads whose field has another size', () => {
  const at = (type: number, offset: number) => types(struct('s', 16, ['x', type, offset]));
  const run = (local: number, target: number, op: Instruction['op']) =>
    relocateCore(objectOf(at(local, 0), load(0, offsetOf('0:0'), op), EXIT), at(target, 8));

  test('unsigned integers change the load', () => {
    const result = run(U32, U64, 'ldx32');
    expect(result.object.programs[0]!.instructions[0]).toMatchObject({ op: 'ldx64', off: 8 });
    expect(result.relocations[0]!.memory).toEqual({ old: 4, value: 8 });
    expect(run(U64, U32, 'stx64').object.programs[0]!.instructions[0]).toMatchObject({ op: 'stx32', off: 8 });
  });

  test('pointers of a 32-bit kernel too', () => {
    const small = table([...INTS, struct('s', 16, ['x', POINTER, 4])], { pointerSize: 4 });
    const result = relocateCore(objectOf(at(POINTER, 0), load(0, offsetOf('0:0'), 'ldx64'), EXIT), small);
    expect(result.object.programs[0]!.instructions[0]).toMatchObject({ op: 'ldx32', off: 4 });
  });

  test('signed ones make the instruction invalid', () => {
    const result = run(S32, U64, 'ldx32');
    expect(result.relocations[0]).toMatchObject({ outcome: 'poisoned', guarded: false });
    expect(result.problems[0]).toMatchObject({ severity: 'warning' });
    expect(result.problems[0]!.message).toBe(
      'relocation would fail at run time: field x of struct s is 4 bytes in the object, but 8 bytes in the target kernel, ' +
        'and only pointers and unsigned integers may differ; read it with bpf_core_read and bpf_core_field_size',
    );
  });

  test('a load of another size than the field is an error', () => {
    expect(run(U32, U64, 'ldx16').problems[0]).toMatchObject({
      severity: 'error',
      message: expect.stringContaining('ldx16 accesses 2 bytes of a field of 4'),
    });
  });

  test('there is no signed load and no atomic operation of every size', () => {
    const bytes = (size: number) => table([int('u', size), struct('s', 16, ['x', 1, 0])]);
    const core: CoreRelocation = { kind: 'field_byte_offset', type: 2, access: '0:0' };
    const result = relocateCore(objectOf(bytes(4), load(0, core, 'atomic_add32'), EXIT), bytes(2));
    expect(result.problems[0]!.message).toContain('there is no atomic_add32 of 2 bytes');
  });
});

describe('candidates', () => {
  const local = types(struct('s___mine', 4, ['x', U32, 0]));
  const run = (target: ReturnType<typeof table>) =>
    relocateCore(objectOf(local, load(0, offsetOf('0:0')), EXIT), target);

  test('flavours of both sides are one type', () => {
    expect(run(types(struct('s___2', 8, ['x', U32, 4]))).relocations[0]!.newValue).toBe(4n);
  });

  test('several that agree are fine, those that lack the field do not count', () => {
    const same = types(
      struct('s', 8, ['x', U32, 4]),
      struct('s', 4, ['y', U32, 0]),
      struct('s', 16, ['x', U32, 4]),
    );
    expect(run(same).relocations[0]).toMatchObject({ outcome: 'patched', newValue: 4n });
  });

  test('several that do not agree are an error that names both', () => {
    const two = types(struct('s', 8, ['x', U32, 4]), struct('s___2', 16, ['x', U32, 8]));
    expect(run(two).problems).toMatchObject([
      {
        severity: 'error',
        message:
          'cannot relocate field_byte_offset of field x of struct s___mine: struct s___mine is ambiguous in the target ' +
          'kernel: type [5] (struct s) has .x at bit 32 and gives 4, but type [6] (struct s___2) has .x at bit 64 and gives 8',
      },
    ]);
  });

  test('what matched one relocation narrows the next', () => {
    const both = types(struct('s', 8, ['x', U32, 4], ['y', U32, 0]));
    const two = types(struct('s', 8, ['x', U32, 4]), struct('s', 16, ['x', U32, 8], ['y', U32, 12]));
    const y = load(0, offsetOf('0:1'));
    const x = load(4, offsetOf('0:0'));
    expect(relocateCore(objectOf(both, y, x, EXIT), two).relocations.map((one) => one.newValue)).toEqual([
      12n,
      8n,
    ]);
    expect(relocateCore(objectOf(both, x, y, EXIT), two).problems).toHaveLength(1);
  });

  test('modules are asked when the kernel has none of the name', () => {
    const kernel = types(struct('other', 4, ['x', U32, 0]));
    const ext4 = table([struct('s', 32, ['x', U32, 24])], { base: kernel });
    const xfs = table([struct('t', 32, ['x', U32, 16])], { base: kernel });
    const modules = new Map([
      ['xfs', xfs],
      ['ext4', ext4],
    ]);
    const target = { kernel, modules };
    const result = relocateCore(objectOf(local, load(0, offsetOf('0:0')), EXIT), target);
    expect(result.relocations[0]).toMatchObject({ module: 'ext4', newValue: 24n });
    const first = { kernel: types(struct('s', 8, ['x', U32, 4])), modules };
    expect(relocateCore(objectOf(local, load(0, offsetOf('0:0')), EXIT), first).relocations[0]).toMatchObject(
      {
        newValue: 4n,
      },
    );
  });

  test('a module alone brings the kernel it builds on', () => {
    const kernel = types(struct('s', 8, ['x', U32, 4]));
    const module = table([struct('m', 4)], { base: kernel });
    expect(run(module).relocations[0]!.newValue).toBe(4n);
  });
});

describe('enumerators', () => {
  const local = types(enumeration('state', { IDLE: 0n, BUSY___x: 1n, GONE: 2n }));
  const core = (access: string, kind: CoreRelocation['kind'] = 'enumval_value'): CoreRelocation => ({
    kind,
    type: 5,
    access,
  });
  const value = (held: bigint, access: string, target: ReturnType<typeof table>) =>
    relocateCore(objectOf(local, wide(held, core(access)), EXIT), target);

  test('by name without flavour, enum and enum64 alike', () => {
    const target = types(enumeration('state', { BUSY: 7n, IDLE: 1n << 40n }, 8));
    const busy = value(1n, '1', target).relocations[0]!;
    expect(busy).toMatchObject({
      newValue: 7n,
      local: '<enumval_value> [5] enum state::BUSY___x = 1',
      target: '<enumval_value> [5] enum64 state::BUSY = 7',
    });
    expect(value(0n, '0', target).object.programs[0]!.instructions[0]).toMatchObject({
      imm: 0,
      immHigh: 256,
    });
  });

  test('a missing one: existence is 0, the value cannot run', () => {
    const target = types(enumeration('state', { IDLE: 0n }));
    const result = relocateCore(
      objectOf(local, mov(1, core('2', 'enumval_exists')), wide(2n, core('2')), EXIT),
      target,
    );
    expect(result.relocations.map((one) => [one.outcome, one.newValue])).toEqual([
      ['patched', 0n],
      ['poisoned', undefined],
    ]);
    expect(result.problems[0]!.message).toBe(
      'relocation would fail at run time: enumerator GONE of enum state is not in the target kernel; ' +
        'guard it with bpf_core_enum_value_exists',
    );
  });

  test('negative values fill 64 bits, unsigned ones past 31 bits do not', () => {
    const signed = types(enumeration('e', { A: -1n }));
    const unsigned = types(enumeration('e', { A: 0x8000_0000n }));
    const patched = (from: typeof signed, held: bigint, to: typeof signed) =>
      relocateCore(objectOf(from, wide(held, core('0')), EXIT), to).relocations[0]!.newValue;
    expect(patched(signed, 0xffff_ffff_ffff_ffffn, types(enumeration('e', { A: -2n })))).toBe(
      0xffff_ffff_ffff_fffen,
    );
    expect(patched(unsigned, 0x8000_0000n, types(enumeration('e', { A: 0x9000_0000n })))).toBe(0x9000_0000n);
  });

  test('a value past 32 bits is not cut to fit an immediate', () => {
    const target = types(enumeration('state', { IDLE: 1n << 40n }, 8));
    const result = relocateCore(objectOf(local, mov(0, core('0')), EXIT), target);
    expect(result.problems[0]!.message).toContain(
      '1099511627776 does not fit the 32-bit immediate of mov64_k',
    );
  });
});

describe('relocations that make no sense', () => {
  const local = types(struct('s', 8, ['x', U32, 0]), struct('', 4, ['x', U32, 0]), {
    kind: 'fwd',
    name: 'f',
    of: 'struct',
  });
  const rows: readonly (readonly [name: string, core: CoreRelocation, message: string])[] = [
    ['no numbers', offsetOf('0:a'), "access '0:a' is not numbers with ':' between them"],
    ['nothing', offsetOf(''), "access '' is not numbers"],
    ['no member', offsetOf('0:1'), 'struct s has no member 1'],
    ['into an int', offsetOf('0:0:0'), "access '0:0:0' goes into int unsigned int, which has no parts"],
    ['too deep', offsetOf(Array(65).fill('0').join(':')), 'access has 65 steps, more than 64'],
    ['far too deep', offsetOf('0:'.repeat(100_000)), 'access has more than 64 steps'],
    ['too far', offsetOf('2147483647:0'), 'its offset is past'],
    ['no name', { ...offsetOf('0:0'), type: 6 }, 'struct <anon> has no name to find it by'],
    ['no size', { ...offsetOf('0'), type: 7 }, 'type [7] has no size'],
    ['no type', { ...offsetOf('0:0'), type: 99 }, 'there is no type 99'],
    ['a type by parts', { kind: 'type_size', type: 5, access: '0:0' }, "access '0:0' of a type is not '0'"],
    ['not an enum', { kind: 'enumval_value', type: 5, access: '0' }, 'struct s is not an enum'],
  ];
  test.each(rows)('%s', (_, core, message) => {
    const result = relocateCore(objectOf(local, mov(0, core), EXIT), local);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatchObject({
      severity: 'error',
      message: expect.stringContaining(message),
    });
    expect(result.object.programs[0]!.instructions[0]!.core).toBe(core);
  });

  test('the access string stands for what it should have said', () => {
    const result = relocateCore(objectOf(local, mov(0, offsetOf('0:\u0001')), EXIT), local);
    expect(result.problems[0]!.message).toMatch(/^cannot relocate field_byte_offset 0:\? of type \[5\]: /);
  });

  test('instructions that hold no value', () => {
    const call: Instruction = { op: 'call', dst: 0, src: 0, off: 0, imm: 1, core: offsetOf('0:0') };
    const map: Instruction = { ...wide(0n, offsetOf('0:0')), src: 1, ref: { kind: 'map', name: 'm' } };
    const result = relocateCore(objectOf(local, call, map, EXIT), local);
    expect(result.problems.map((one) => one.message)).toEqual([
      expect.stringContaining('call holds nothing that can be relocated'),
      expect.stringContaining('lddw loads an address'),
    ]);
  });

  test('an object without types', () => {
    const result = relocateCore(objectOf(undefined, mov(0, offsetOf('0:0')), EXIT), local);
    expect(result.problems[0]!.message).toContain('the object has no types');
  });

  /** Each union holds the one before twice, without a name: 2^40 ways down. */
  const shared = (...members: readonly MemberRow[]): readonly BtfType[] => {
    const deep: BtfType[] = [int('int', 4), struct('', 4)];
    for (let id = 2; id < 30; id++) deep.push(union('', 4, ['', id, 0], ['', id, 0]));
    return [...deep, struct('s', 4, ['', 30, 0], ...members)];
  };

  test('a member is found among types shared a thousand times', () => {
    const result = relocateCore(objectOf(local, mov(0, offsetOf('0:0')), EXIT), table(shared(['x', 1, 0])));
    expect(result.relocations[0]!.target).toBe('<byte_off> [31] struct s.x (0:1 @ offset 0)');
  });

  test('types shared so that comparing them never ends take bounded work', () => {
    const ours = table([...shared(), int('long', 8)]);
    const matches: CoreRelocation = { kind: 'type_matches', type: 31, access: '0' };
    // The innermost has a member that the other's lacks: no way down fits.
    const innermost = [int('int', 4), struct('', 4, ['a', 1, 0])];
    const local = table([...innermost, ...shared().slice(2)]);
    const result = relocateCore(objectOf(local, mov(1, matches), EXIT), ours);
    expect(result.problems[0]!.message).toContain('comparing its types takes too much work');
  });
});

test('texts of a name that is longer than the kernel takes are short', () => {
  const local = types(struct('s'.repeat(100_000), 4, ['m'.repeat(100_000), U32, 0]));
  const numbers = Array.from({ length: 2000 }, (_, index) => index);
  const object = objectOf(
    local,
    ...numbers.map((index) => mov(index * 4, offsetOf(`${index}:0`))),
    ...numbers.map((index) => mov(0, { ...offsetOf(`${index}:9`), kind: 'field_exists' })),
    EXIT,
  );
  const { relocations, problems } = relocateCore(object, local);
  expect(relocations.map(({ outcome }) => outcome)).toEqual([
    ...numbers.map(() => 'patched'),
    ...numbers.map(() => 'failed'),
  ]);
  const texts = [...relocations.map((one) => one.local ?? ''), ...problems.map(({ message }) => message)];
  expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(2000);
  expect(texts[0]).toMatch(/^<byte_off> \[5\] struct s{512}\.\.\.\.m{512}\.\.\. \(0:0 @ offset 0\)$/);
});
