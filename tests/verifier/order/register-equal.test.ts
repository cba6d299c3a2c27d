import { expect, test } from 'vitest';
import { IdMap } from '../../../verifier/order/id-map.ts';
import { type Comparison, Exactness, isRegisterSafe } from '../../../verifier/order/register-equal.ts';
import { isStackSafe } from '../../../verifier/order/stack-equal.ts';
import { Frame } from '../../../verifier/state/frame.ts';
import { NOT_INIT, Register, UNKNOWN_NUMBER } from '../../../verifier/state/register.ts';
import { Kind } from '../../../verifier/state/register-kind.ts';
import { allBytes, ByteKind, StackSlot, setByte } from '../../../verifier/state/slot.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';

function how(exactness: Exactness): Comparison {
  return {
    ids: new IdMap(),
    exactness,
    allPrecise: false,
    exactRanges: false,
    uninitialisedStack: true,
  };
}

const one = Register.scalar(Scalar.constant(1));
const two = Register.scalar(Scalar.constant(2));
const byte = Register.scalar(Scalar.zeroExtended(1));

test('a number that does not matter may be any other, one that does must be in range', () => {
  expect(isRegisterSafe(one, two, how(Exactness.none))).toBe(true);
  expect(isRegisterSafe(one.withPrecise(true), two, how(Exactness.none))).toBe(false);
  expect(isRegisterSafe(byte.withPrecise(true), two, how(Exactness.none))).toBe(true);
  expect(isRegisterSafe(two, byte, how(Exactness.within))).toBe(false);
  expect(isRegisterSafe(byte, two, how(Exactness.within))).toBe(true);
  expect(isRegisterSafe(byte, two, how(Exactness.exact))).toBe(false);
  expect(isRegisterSafe(byte, two, { ...how(Exactness.none), allPrecise: true })).toBe(true);
  expect(isRegisterSafe(two, byte, { ...how(Exactness.none), allPrecise: true })).toBe(false);
});

test('two that were one number must be one number', () => {
  const comparison = how(Exactness.none);
  const linked = Register.scalar(Scalar.zeroExtended(1), 4, true);
  expect(isRegisterSafe(linked, Register.scalar(Scalar.constant(1), 9), comparison)).toBe(true);
  expect(isRegisterSafe(linked, Register.scalar(Scalar.constant(1), 8), comparison)).toBe(false);
  // The same object stands for the same id on both sides.
  expect(isRegisterSafe(linked, linked, comparison)).toBe(false);
});

test('what was never written allows anything, unless a loop is compared', () => {
  expect(isRegisterSafe(NOT_INIT, one, how(Exactness.none))).toBe(true);
  expect(isRegisterSafe(NOT_INIT, one, how(Exactness.within))).toBe(false);
  expect(isRegisterSafe(one, NOT_INIT, how(Exactness.none))).toBe(false);
});

test('more of a packet proved is as good, less is not', () => {
  const packet = (range: number) => Register.pointer(Kind.packet, 0, null, 0, 0, range);
  expect(isRegisterSafe(packet(8), packet(14), how(Exactness.none))).toBe(true);
  expect(isRegisterSafe(packet(14), packet(8), how(Exactness.none))).toBe(false);
  expect(isRegisterSafe(packet(-2), packet(8), how(Exactness.none))).toBe(false);
  expect(isRegisterSafe(packet(-2), packet(-2), how(Exactness.none))).toBe(true);
});

test('addresses of stack are of one frame and offset', () => {
  const stack = (frame: number, off: number) =>
    Register.pointer(Kind.stack, 0, null, 0, 0, frame).withOff(off);
  expect(isRegisterSafe(stack(0, -8), stack(0, -8), how(Exactness.none))).toBe(true);
  expect(isRegisterSafe(stack(0, -8), stack(1, -8), how(Exactness.none))).toBe(false);
  expect(isRegisterSafe(stack(0, -8), stack(0, -16), how(Exactness.none))).toBe(false);
});

function stackOf(...slots: StackSlot[]): Frame {
  const frame = new Frame(-1, 0, 0);
  frame.stack = slots;
  return frame;
}

test('slots: what was read as bytes may be zeros, not the other way round', () => {
  const half = setByte(setByte(allBytes(ByteKind.zero), 0, ByteKind.spill), 7, ByteKind.misc);
  const misc = new StackSlot(half, NOT_INIT);
  const zero = new StackSlot(setByte(half, 7, ByteKind.zero), NOT_INIT);
  const strict = { ...how(Exactness.none), uninitialisedStack: false };
  expect(isStackSafe(stackOf(misc), stackOf(zero), strict)).toBe(true);
  expect(isStackSafe(stackOf(zero), stackOf(misc), strict)).toBe(false);
});

test('slots: a spilled number and bytes of which nothing is known are both numbers', () => {
  const spilled = (register: Register) => new StackSlot(allBytes(ByteKind.spill), register);
  const misc = new StackSlot(allBytes(ByteKind.misc), NOT_INIT);
  const unknown = UNKNOWN_NUMBER.withPrecise(true);
  const strict = { ...how(Exactness.none), uninitialisedStack: false };
  expect(isStackSafe(stackOf(spilled(unknown)), stackOf(misc), strict)).toBe(true);
  expect(isStackSafe(stackOf(spilled(one.withPrecise(true))), stackOf(misc), strict)).toBe(false);
  expect(isStackSafe(stackOf(misc), stackOf(spilled(one)), strict)).toBe(true);
  const pointer = Register.pointer(Kind.ctx, 0, null);
  expect(isStackSafe(stackOf(misc), stackOf(spilled(pointer)), strict)).toBe(false);
  expect(isStackSafe(stackOf(misc), stackOf(spilled(pointer)), how(Exactness.none))).toBe(true);
});

test('slots below the kept depth do not count, slots above the current one do', () => {
  const used = new StackSlot(allBytes(ByteKind.zero), NOT_INIT);
  expect(isStackSafe(stackOf(), stackOf(used), how(Exactness.none))).toBe(true);
  expect(isStackSafe(stackOf(used), stackOf(), how(Exactness.none))).toBe(false);
  expect(isStackSafe(stackOf(new StackSlot(0, NOT_INIT)), stackOf(), how(Exactness.none))).toBe(true);
});
