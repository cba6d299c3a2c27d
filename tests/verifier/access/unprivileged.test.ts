import { expect, test } from 'vitest';
import { ldx64, r0, r1, r2, r3, r10, st64, stx8, stx32, stx64 } from '../../../bpf/build/index.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { Register } from '../../../verifier/state/register.ts';
import { Kind } from '../../../verifier/state/register-kind.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { constant, mapValue, UNKNOWN, walk } from './walk.ts';

const packet = Register.pointer(Kind.packet, 0, null, 1, 0, 14);

function message(code: readonly Instruction[], registers: Readonly<Record<number, Register>> = {}) {
  return walk(code, { type: 'cgroup_skb', registers, options: { privileged: false } }).message;
}

test.each([
  [[stx64(r2, 0, r10)], { 2: mapValue() }, 'R10 leaks addr into map'],
  [[stx64(r1, 48, r10)], {}, 'R10 leaks addr into ctx'],
  [
    [stx64(r2, 0, r10)],
    { 2: Register.pointer(Kind.mem, 0, { kind: 'mem', size: 8, dynptr: 0 }) },
    'R10 leaks addr into mem',
  ],
  [[stx64(r2, 0, r10)], { 2: packet }, 'cannot write into packet'],
  [[ldx64(r0, r10, -8)], {}, 'invalid read from stack R10 off=-8 size=8'],
  [
    [stx64(r10, -8, r1), stx32(r10, -8, r2)],
    { 2: constant(0) },
    'attempt to corrupt spilled pointer on stack',
  ],
  [[stx64(r10, -8, r1), ldx64(r0, r10, -8)], {}, undefined],
] as const)('%#', (code, registers, expected) => {
  expect(message(code, registers)).toBe(expected);
});

test('what is stored at an unknown place hits initialised bytes only', () => {
  const scalar = new Scalar(
    Scalar.UNKNOWN.bits,
    Scalar.UNKNOWN.umin,
    Scalar.UNKNOWN.umax,
    Scalar.constant(-8).smin,
    Scalar.constant(-7).smax,
    0,
    -1,
    -8,
    -7,
  );
  const pointer = Register.pointer(Kind.stack, 0, null).withScalar(scalar);
  const store = (before: readonly Instruction[]) =>
    message([...before, stx8(r2, 0, r3)], { 2: pointer, 3: UNKNOWN });
  expect(store([stx64(r10, -8, r1)])).toBe(
    'spilled ptr in range of var-offset stack write; insn 1, ptr off: -8',
  );
  expect(store([])).toBe('spilled ptr in range of var-offset stack write; insn 0, ptr off: -8');
  expect(store([st64(r10, -8, 0)])).toBeUndefined();
});

test('numbers are bytes on the stack, and precise', () => {
  const { env } = walk([st64(r10, -8, 5), ldx64(r0, r10, -8)], { options: { privileged: false } });
  expect(env.register(0).scalar.isUnknown).toBe(true);
  expect(env.register(0).precise).toBe(true);
});
