import { describe, expect, test } from 'vitest';
import {
  ldsx8,
  ldx8,
  ldx16,
  ldx32,
  ldx64,
  r0,
  r1,
  r2,
  r3,
  r10,
  st8,
  st32,
  st64,
  stx8,
  stx32,
  stx64,
} from '../../../bpf/build/index.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { KernelRelease } from '../../../bpf/kernel-release.ts';
import { Register } from '../../../verifier/state/register.ts';
import { Kind } from '../../../verifier/state/register-kind.ts';
import { ByteKind } from '../../../verifier/state/slot.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { constant, type Start, UNKNOWN, walk } from './walk.ts';

const WORD = Register.scalar(Scalar.zeroExtended(4));
const BYTE = Register.scalar(Scalar.zeroExtended(1));

function message(code: readonly Instruction[], start?: Start): string | undefined {
  return walk(code, start).message;
}

describe('bounds', () => {
  test.each([
    [stx64(r10, 0, r1), 'invalid write to stack R10 off=0 size=8'],
    [stx64(r10, -520, r1), 'invalid write to stack R10 off=-520 size=8'],
    [ldx64(r0, r10, -520), 'invalid read from stack R10 off=-520 size=8'],
    [ldx32(r0, r10, -6), 'misaligned stack access off 0+0+-6 size 4'],
    [ldx64(r0, r10, -512), undefined],
  ])('%#', (insn, expected) => {
    expect(message([insn])).toBe(expected);
  });

  test('the frame is as deep as its deepest access', () => {
    const { env } = walk([st64(r10, -24, 0), ldx8(r0, r10, -41)]);
    expect(env.subprograms[0]!.stackDepth).toBe(48);
  });
});

describe('spills', () => {
  test('a number keeps what is known of it, and a link to its copy', () => {
    const { env } = walk([stx64(r10, -8, r2), ldx64(r3, r10, -8)], { registers: { 2: WORD } });
    expect(env.register(3)).toBe(env.register(2));
    expect(env.register(3).id).not.toBe(0);
  });

  test('the low bytes that the number fits in keep it', () => {
    const { env } = walk([stx32(r10, -8, r2), ldx32(r3, r10, -8)], { registers: { 2: BYTE } });
    expect(env.register(3).scalar.umax.toNumber()).toBe(255);
    expect(env.register(3).id).toBe(env.register(2).id);
  });

  test('cut off it has no link to the number', () => {
    const { env } = walk([stx32(r10, -8, r2), ldx32(r3, r10, -8)], { registers: { 2: UNKNOWN } });
    expect(env.register(3).scalar.umax.toNumber()).toBe(0xffff_ffff);
    expect(env.register(3).id).toBe(0);
  });

  test('a part at the start of a spilled constant is its low bytes', () => {
    const { env } = walk([stx64(r10, -8, r2), ldx16(r3, r10, -8)], { registers: { 2: constant(0x12345) } });
    expect(env.register(3).scalar.constantNumber).toBe(0x2345);
  });

  test('a sign-extending load of a spilled constant', () => {
    const { env } = walk([st64(r10, -8, 0x80), ldsx8(r3, r10, -8)]);
    expect(env.register(3).scalar.constantNumber).toBe(-128);
  });

  test('any part of a spilled zero is zero', () => {
    const { env } = walk([st64(r10, -8, 0), ldx8(r3, r10, -3)]);
    expect(env.register(3).scalar.constantNumber).toBe(0);
  });

  test('a part of a pointer is refused', () => {
    expect(message([stx64(r10, -8, r1), ldx32(r0, r10, -8)])).toBe('invalid size of register fill');
    expect(message([stx32(r10, -8, r1)])).toBe('invalid size of register spill');
  });

  test('bytes above a narrow spill keep that they are zero', () => {
    const { env } = walk([st64(r10, -8, 0), stx8(r10, -8, r2)], { registers: { 2: BYTE } });
    const slot = env.frame.stack[0]!;
    expect(slot.kindAt(7)).toBe(ByteKind.spill);
    // A spilled zero is no byte of zeros.
    expect(slot.kindAt(6)).toBe(ByteKind.misc);
  });

  test('bytes stored off the slot’s start are zeros or anything', () => {
    const { env } = walk([st32(r10, -4, 0), stx8(r10, -5, r2)], { registers: { 2: UNKNOWN } });
    const slot = env.frame.stack[0]!;
    expect([0, 1, 2, 3, 4, 5].map((b) => slot.kindAt(b))).toEqual([3, 3, 3, 3, 2, 0]);
  });
});

describe('what was never written', () => {
  test('with privileges it is any number, from 6.3 on and in 6.1', () => {
    expect(message([ldx64(r0, r10, -8)])).toBeUndefined();
    const old = { options: { kernel: { release: '6.2' } } } as const;
    expect(message([ldx64(r0, r10, -8)], old)).toBe('invalid read from stack R10 off=-8 size=8');
    expect(message([st8(r10, -8, 1), ldx16(r0, r10, -8)], old)).toBe(
      'invalid read from stack off -8+1 size 2',
    );
  });
});

describe('a place that is not known', () => {
  const within = (min: number, max: number): Register => {
    const scalar = new Scalar(
      Scalar.UNKNOWN.bits,
      Scalar.UNKNOWN.umin,
      Scalar.UNKNOWN.umax,
      Scalar.constant(min).smin,
      Scalar.constant(max).smax,
      0,
      -1,
      min,
      max,
    );
    return Register.pointer(Kind.stack, 0, null).withScalar(scalar);
  };

  test('a store changes all it may hit', () => {
    const { env } = walk([st64(r10, -8, 0), stx8(r2, 0, r3)], {
      registers: { 2: within(-8, -5), 3: UNKNOWN },
    });
    const slot = env.frame.stack[0]!;
    expect(slot.kindAt(7)).toBe(ByteKind.misc);
    expect(slot.kindAt(4)).toBe(ByteKind.misc);
  });

  test('what is left of a spill it may hit is any bytes', () => {
    const code = [stx64(r10, -8, r1), stx8(r2, 0, r3), ldx64(r0, r10, -8)];
    const registers = { 2: within(-8, -7), 3: UNKNOWN };
    expect(message(code, { registers })).toBeUndefined();
    expect(message(code, { registers, options: { kernel: { release: '6.8' } } })).toBe(
      'invalid read from stack off -8+2 size 8',
    );
  });

  test('a zero among zeros stays zero', () => {
    const { env } = walk([st32(r10, -4, 0), stx8(r2, 0, r3), ldx32(r0, r10, -4)], {
      registers: { 2: within(-4, -1), 3: constant(0) },
    });
    expect(env.register(0).scalar.constantNumber).toBe(0);
  });

  test('outside with some of the offsets', () => {
    expect(message([stx8(r2, 0, r3)], { registers: { 2: within(-8, 0), 3: UNKNOWN } })).toBe(
      'invalid variable-offset write to stack R2 var_off=(0x0; 0xffffffffffffffff) off=0 size=1',
    );
    expect(message([ldx8(r0, r2, 0)], { registers: { 2: within(-8, 0x2000_0000) } })).toBe(
      'invalid unbounded variable-offset read from stack R2',
    );
  });
});

describe('older releases', () => {
  const on = (release: KernelRelease, registers: Start['registers'] = {}): Start => ({
    registers,
    options: { kernel: { release } },
  });

  test('before 6.9 a number of which nothing is known is not remembered', () => {
    const code = [stx64(r10, -8, r2), ldx64(r3, r10, -8)];
    expect(walk(code, on('6.8', { 2: UNKNOWN })).env.frame.stack[0]!.isSpill).toBe(false);
    expect(walk(code, on('6.9', { 2: UNKNOWN })).env.frame.stack[0]!.isSpill).toBe(true);
    const { env } = walk(code, on('6.8', { 2: BYTE }));
    expect(env.register(3).scalar).toBe(BYTE.scalar);
    expect(env.register(3).id).toBe(0);
  });

  test('before 6.8 a spilled zero is eight bytes of zeros', () => {
    const { env } = walk([st64(r10, -8, 0)], on('6.1'));
    expect(env.frame.stack[0]!.kindAt(7)).toBe(ByteKind.zero);
  });

  test('before 6.9 the low bytes of a wider spill are any number', () => {
    const code = [stx64(r10, -8, r2), ldx32(r3, r10, -8)];
    expect(walk(code, on('6.8', { 2: constant(7) })).env.register(3).scalar.isConstant).toBe(false);
    expect(walk(code, on('6.9', { 2: constant(7) })).env.register(3).scalar.constantNumber).toBe(7);
  });

  test('before 6.8 messages print a known offset as bits', () => {
    expect(message([ldx32(r0, r10, -6)], on('6.1'))).toBe(
      'misaligned stack access off (0x0; 0x0)+0+-6 size 4',
    );
  });
});
