/**
 * The kernel function port: what `helper-port.ts` is for helpers, by name. Programs reach both in one way: when a program
 * is loaded, the call of a kernel function becomes that of a helper with a number past the helper table, so that engines
 * know of helpers alone.
 */
import { HELPERS } from '../bpf/helpers/helpers.gen.ts';
import type { HelperFunction } from './helper-port.ts';

/** Implementations by name. Arguments are in r1 ... r5 and the result in r0, as helpers'. */
export type KfuncTable = ReadonlyMap<string, HelperFunction>;

/** Helper numbers from here on are kernel functions. */
export const FIRST_KFUNC: number = HELPERS.length + 1;

/** The number a kernel function gets when a program first names it. */
export class KfuncNumbers {
  readonly #names: string[] = [];

  numberOf(name: string): number {
    const known = this.#names.indexOf(name);
    return FIRST_KFUNC + (known >= 0 ? known : this.#names.push(name) - 1);
  }

  nameOf(number: number): string | undefined {
    return this.#names[number - FIRST_KFUNC];
  }
}
