/** Code of a converted condition: both arms, then a choice for each register they write. */
import type { Instruction } from '../../bpf/instruction.ts';
import type { FunctionBuilder, Local, Value } from '../wasm/builder.ts';
import type { Arms } from './if-conversion.ts';
import type { Registers } from './registers.ts';

/** Locals of one function that each pair of arms uses anew: engines allow 50,000 of them. */
export class ArmLocals {
  readonly holds: Local;
  readonly #f: FunctionBuilder;
  readonly #copies: Local[] = [];

  constructor(f: FunctionBuilder) {
    this.#f = f;
    this.holds = f.local('i32');
  }

  copy(number: number): Local {
    this.#copies[number] ??= this.#f.local('i64');
    return this.#copies[number];
  }
}

export interface ArmsParts {
  readonly f: FunctionBuilder;
  readonly r: Registers;
  readonly locals: ArmLocals;
  readonly instructions: readonly Instruction[];
  readonly condition: () => Value;
  /** Writes one computation. */
  readonly instruction: (index: number) => void;
}

export function writeArms({ through, taken }: Arms, parts: ArmsParts): void {
  const { f, r } = parts;
  const { holds } = parts.locals;
  f.set(holds, parts.condition());
  const before = kept(parts, written(parts, [through, taken]), 0);
  write(parts, through);
  const other = kept(parts, written(parts, [through]), before.size);
  for (const [register] of other) if (before.has(register)) r.set(register, f.get(before.get(register)!));
  write(parts, taken);
  for (const [register, old] of before) {
    const whenNot = other.get(register) ?? old;
    r.set(register, f.select(r.get(register), f.get(whenNot), f.get(holds)));
  }
}

function write({ instruction }: ArmsParts, [start, end]: Arms['taken']): void {
  for (let index = start; index < end; index++) instruction(index);
}

function written({ instructions }: ArmsParts, arms: readonly Arms['taken'][]): ReadonlySet<number> {
  const registers = new Set<number>();
  for (const [start, end] of arms) {
    for (let index = start; index < end; index++) registers.add(instructions[index]!.dst);
  }
  return registers;
}

/** Copies of registers, in locals from a number on. */
function kept(
  { f, r, locals }: ArmsParts,
  registers: ReadonlySet<number>,
  first: number,
): ReadonlyMap<number, Local> {
  return new Map(
    [...registers].map((register, index): readonly [number, Local] => {
      const copy = locals.copy(first + index);
      f.set(copy, r.get(register));
      return [register, copy];
    }),
  );
}
