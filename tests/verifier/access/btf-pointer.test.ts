import { describe, expect, test } from 'vitest';
import type { Btf } from '../../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { ldx8, ldx32, ldx64, r0, r2, r10, stx64 } from '../../../bpf/build/index.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { KernelRelease } from '../../../bpf/kernel-release.ts';
import { Register } from '../../../verifier/state/register.ts';
import { Flag, Kind, typeText } from '../../../verifier/state/register-kind.ts';
import { walk } from './walk.ts';

/** A small kernel: `task` with members of each kind, and the list that says `parent` may be trusted in a section. */
function kernelTypes(): Btf {
  const types = new BtfBuilder();
  const member = (name: string, type: number, off: number) => ({
    name,
    type,
    bitOffset: off * 8,
    bitSize: 0,
  });
  const int = types.addInt('int', 4, { signed: true });
  const byte = types.addTypedef('u8', types.addInt('unsigned char', 1));
  const inner = types.addStruct('inner', 8, [member('a', int, 0), member('b', int, 4)]);
  const task = types.reserve();
  const toTask = types.addPointer(types.addTypedef('task_t', task));
  const rcuTask = types.addPointer(types.addTypeTag('rcu', task));
  const userTask = types.addPointer(types.addTypeTag('user', task));
  const union = types.addUnion('', 8, [member('one', toTask, 0), member('two', int, 0)]);
  types.define(task, {
    kind: 'struct',
    name: 'task',
    size: 72,
    members: [
      member('pid', int, 0),
      member('inner', inner, 4),
      member('parent', toTask, 16),
      member('real', rcuTask, 24),
      member('address', userTask, 32),
      member('name', types.addArray(byte, int, 8), 40),
      member('count', types.addPointer(int), 48),
      member('', union, 56),
      member('rest', types.addArray(byte, int, 0), 72),
    ],
  });
  types.addStruct('task__safe_rcu', 8, [member('parent', types.addPointer(task), 0)]);
  return types.build();
}

const btf = kernelTypes();
const type = btf.find('task', 'struct')!;

function pointer(flags: number): Register {
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type });
}

function load(
  insn: Instruction,
  flags: number = Flag.trusted,
  release: KernelRelease = '6.18',
  sleepable = false,
): string {
  const { env, message } = walk([insn], {
    type: 'kprobe',
    input: { sleepable },
    registers: { 2: pointer(flags) },
    options: { kernel: { release, btf } },
  });
  const { kind, flags: found } = env.register(0);
  return message ?? typeText(kind, found);
}

describe('members', () => {
  test.each([
    [ldx32(r0, r2, 0), 'scalar'],
    [ldx32(r0, r2, 8), 'scalar'],
    [ldx8(r0, r2, 44), 'scalar'],
    [ldx8(r0, r2, 500), 'scalar'],
    [ldx64(r0, r2, 48), 'rdonly_untrusted_mem'],
    [ldx64(r0, r2, 4), 'access beyond the end of member a (mend:4) in struct inner with off 0 size 8'],
    [ldx32(r0, r2, 16), 'cannot access ptr member parent with moff 16 in struct task with off 16 size 4'],
    [ldx32(r0, r2, 12), "struct task doesn't have field at offset 12"],
    [ldx64(r0, r2, -8), 'R2 is ptr_task invalid negative access: off=-8'],
    [stx64(r2, 0, r10), 'only read is supported'],
  ])('%#', (insn, expected) => {
    expect(load(insn)).toBe(expected);
  });

  test('a number behind a pointer is a number before 6.17', () => {
    expect(load(ldx64(r0, r2, 48), Flag.trusted, '6.16')).toBe('scalar');
  });
});

describe('trust', () => {
  test.each([
    ['listed', 16, Flag.trusted, 'rcu_ptr_'],
    ['tagged', 24, Flag.trusted, 'rcu_ptr_or_null_'],
    ['of user space', 32, Flag.trusted, 'user_ptr_'],
    ['in a union', 56, Flag.trusted, 'untrusted_ptr_'],
    ['from an untrusted one', 16, Flag.untrusted, 'untrusted_ptr_'],
    ['from one of old', 16, 0, 'ptr_'],
  ] as const)('%s', (_, off, flags, expected) => {
    expect(load(ldx64(r0, r2, off), flags)).toBe(expected);
  });

  test('outside of a section nothing that needs one is trusted', () => {
    expect(load(ldx64(r0, r2, 24), Flag.trusted, '6.18', true)).toBe('untrusted_ptr_');
  });

  test('6.1 knows tags only', () => {
    expect(load(ldx64(r0, r2, 16), 0, '6.1')).toBe('ptr_');
    expect(load(ldx64(r0, r2, 32), 0, '6.1')).toBe('user_ptr_');
    expect(load(ldx64(r0, r2, 56), 0, '6.1')).toBe('ptr_');
  });
});

test('a program under another license reads no structs of the kernel', () => {
  const { message } = walk([ldx32(r0, r2, 0)], {
    type: 'kprobe',
    input: { license: 'MIT' },
    registers: { 2: pointer(Flag.trusted) },
    options: { kernel: { release: '6.18', btf } },
  });
  expect(message).toBe("Cannot access kernel 'struct task' from non-GPL compatible program");
});
