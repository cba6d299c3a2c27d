/** How kernel functions are listed, and the results most of them have. */
import { KERNEL_TAG } from '../address.ts';
import type { HelperFunction } from '../helper-port.ts';

export type KfuncEntry = readonly [name: string, run: HelperFunction];

/** They do nothing a program could see: nothing else runs, and nothing is freed while a program runs. */
export function silent(...names: readonly string[]): readonly KfuncEntry[] {
  return names.map((name) => [
    name,
    (r) => {
      r[0] = 0;
      r[1] = 0;
    },
  ]);
}

/** They return their first argument. */
export function identity(...names: readonly string[]): readonly KfuncEntry[] {
  return names.map((name) => [
    name,
    (r) => {
      r[0] = r[2]!;
      r[1] = r[3]!;
    },
  ]);
}

/** r0 of a function that returns `bool` or `u32`. */
export function setUnsigned(r: Int32Array, value: number): void {
  r[0] = value | 0;
  r[1] = 0;
}

export function setFlag(r: Int32Array, value: boolean): void {
  setUnsigned(r, value ? 1 : 0);
}

/** A pointer argument, 0 for NULL. */
export function pointerArgument(r: Int32Array, n: number): number {
  return r[n * 2 + 1] === KERNEL_TAG ? r[n * 2]! : 0;
}
