/** The instructions of `opcodes.ts` as binaryen makes them: its methods carry the specification's names, but for five. */
import type binaryen from 'binaryen';
import { I32, I64 } from '../opcodes.ts';

export type Operator = (...operands: readonly number[]) => number;

const OWN_NAMES: Readonly<Record<string, string>> = {
  wrap_i64: 'wrap',
  extend_i32_s: 'extend_s',
  extend_i32_u: 'extend_u',
};

/** By the number of the instruction. Loads and stores take the offset and the alignment first. */
export function operators(module: binaryen.Module): ReadonlyMap<number, Operator> {
  const all = new Map<number, Operator>();
  for (const [rows, methods] of [
    [I32, module.i32],
    [I64, module.i64],
  ] as const) {
    const named = methods as unknown as Readonly<Record<string, Operator>>;
    for (const [name, code] of Object.entries(rows)) all.set(code, named[OWN_NAMES[name] ?? name]!);
  }
  return all;
}
