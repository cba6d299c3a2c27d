/** Which virtual registers are alive at the end of each block. Real registers never live across blocks, but r1-r5 at entry. */
import { effectsOf, FIRST_VIRTUAL, type MachineFunction, targetsOf, terminatorUses } from './machine.ts';

export interface Liveness {
  readonly liveIn: readonly ReadonlySet<number>[];
  readonly liveOut: readonly ReadonlySet<number>[];
}

/** Walks back from each use to its definitions: the work is the size of the answer. */
export function liveness(fn: MachineFunction): Liveness {
  const { blocks } = fn;
  const predecessors: number[][] = blocks.map(() => []);
  blocks.forEach((block, index) => {
    for (const target of targetsOf(block.terminator)) predecessors[target]!.push(index);
  });
  const liveIn = blocks.map(() => new Set<number>());
  const liveOut = blocks.map(() => new Set<number>());
  const defined = blocks.map(() => new Set<number>());
  const work: { readonly block: number; readonly register: number }[] = [];
  blocks.forEach((block, index) => {
    const defs = defined[index]!;
    const expose = (register: number): void => {
      if (register < FIRST_VIRTUAL || defs.has(register) || liveIn[index]!.has(register)) return;
      liveIn[index]!.add(register);
      work.push({ block: index, register });
    };
    for (const instruction of block.instructions) {
      const effects = effectsOf(instruction);
      effects.uses.forEach(expose);
      for (const register of effects.defs) if (register >= FIRST_VIRTUAL) defs.add(register);
    }
    terminatorUses(block.terminator).forEach(expose);
  });
  while (work.length > 0) {
    const { block, register } = work.pop()!;
    for (const from of predecessors[block]!) {
      liveOut[from]!.add(register);
      if (defined[from]!.has(register) || liveIn[from]!.has(register)) continue;
      liveIn[from]!.add(register);
      work.push({ block: from, register });
    }
  }
  return { liveIn, liveOut };
}
