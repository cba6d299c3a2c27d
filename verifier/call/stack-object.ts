/** Where on the stack an object lies that the kernel keeps there: a dynptr, an iterator, a saved interrupt flag. */
import type { Environment } from '../environment.ts';
import { objectAtOffset, objectAtVariableOffset } from '../messages.gen.ts';
import type { Rejection } from '../rejection.ts';
import type { Frame } from '../state/frame.ts';
import type { Register } from '../state/register.ts';

/** The frame that a pointer to the stack points into. */
export function frameOf(env: Environment, register: Register): Frame {
  return env.state.frames[register.extra]!;
}

/** Slot of the object's first eight bytes; or why there can be none; or that the stack is not that deep yet (`-ERANGE`). */
export type StackPlace =
  | { readonly kind: 'slot'; readonly spi: number }
  | { readonly kind: 'invalid'; readonly why: Rejection }
  | { readonly kind: 'beyond' };

const BEYOND: StackPlace = { kind: 'beyond' };

/** `stack_slot_obj_get_spi`. @param noun what the kernel calls the object */
export function stackPlace(env: Environment, register: Register, noun: string, slots: number): StackPlace {
  if (!register.scalar.isConstant) return { kind: 'invalid', why: objectAtVariableOffset({ noun }) };
  const off = register.off + (register.scalar.constantNumber ?? 0);
  const spi = slotIndex(off);
  if (off % 8 !== 0 || spi + 1 < slots) return { kind: 'invalid', why: objectAtOffset({ noun, off }) };
  if (spi >= frameOf(env, register).stack.length) return BEYOND;
  return { kind: 'slot', spi };
}

/** Slot of the byte at an offset from r10 (`__get_spi`). */
export function slotIndex(off: number): number {
  return Math.trunc((-off - 1) / 8);
}

/** The slot, or undefined after the kernel's line on why there is none was said. */
export function stackSlotOf(
  env: Environment,
  register: Register,
  noun: string,
  slots: number,
): number | undefined {
  const place = stackPlace(env, register, noun, slots);
  if (place.kind === 'slot') return place.spi;
  if (place.kind === 'invalid') env.remark(place.why.text);
  return undefined;
}
