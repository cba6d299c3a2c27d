/** Drops blocks nothing reaches: the verifier refuses unreachable instructions. The order of the others is kept. */
import { type MachineFunction, type MachineTerminator, targetsOf } from './machine.ts';

export function pruneBlocks(fn: MachineFunction): MachineFunction {
  const reached = new Uint8Array(fn.blocks.length);
  const work = [0];
  reached[0] = 1;
  while (work.length > 0) {
    for (const target of targetsOf(fn.blocks[work.pop()!]!.terminator)) {
      if (reached[target] === 1) continue;
      reached[target] = 1;
      work.push(target);
    }
  }
  const positions: number[] = [];
  let next = 0;
  for (let index = 0; index < reached.length; index += 1) positions.push(reached[index] === 1 ? next++ : -1);
  if (next === fn.blocks.length) return fn;
  const blocks = fn.blocks
    .filter((_, index) => reached[index] === 1)
    .map((block) => ({ ...block, terminator: renumber(block.terminator, positions) }));
  return { ...fn, blocks };
}

function renumber(terminator: MachineTerminator, positions: readonly number[]): MachineTerminator {
  switch (terminator.kind) {
    case 'exit':
      return terminator;
    case 'jump':
      return { ...terminator, target: positions[terminator.target]! };
    case 'branch': {
      const { then, otherwise } = terminator;
      // biome-ignore lint/suspicious/noThenProperty: the name of the arm, never awaited
      return { ...terminator, then: positions[then]!, otherwise: positions[otherwise]! };
    }
  }
}
