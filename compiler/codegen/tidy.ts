/**
 * Last changes to the flow of allocated code: jumps to jumps go straight on, and a jump to a short block that ends in
 * a test or an exit becomes a copy of that block, which saves the jump (and turns `while` loops to test at their end).
 * A jump that the layout leaves out costs nothing and stays.
 */
import { blockOrder } from './block-order.ts';
import { type MachineBlock, type MachineFunction, targetsOf } from './machine.ts';
import { mergeEqualBlocks } from './merge-blocks.ts';
import { pruneBlocks } from './prune.ts';
import { retarget } from './retarget.ts';

/** Longest blocks copied, in instructions without the terminator. */
const COPIED_EXIT = 3;
const COPIED_TEST = 2;

export function tidyFlow(fn: MachineFunction): MachineFunction {
  const threaded = mergeEqualBlocks(pruneBlocks(threadJumps(fn)));
  return pruneBlocks(copyShortTails(threaded));
}

function threadJumps(fn: MachineFunction): MachineFunction {
  const final = fn.blocks.map((_, index) => index);
  const resolve = (start: number): number => {
    const path: number[] = [];
    const seen = new Set<number>();
    let at = start;
    while (final[at] === at && !seen.has(at)) {
      const { instructions, terminator } = fn.blocks[at]!;
      if (instructions.length > 0 || terminator.kind !== 'jump') break;
      seen.add(at);
      path.push(at);
      at = terminator.target;
    }
    // An empty endless loop stays where it is.
    const end = seen.has(at) ? at : final[at]!;
    for (const block of path) final[block] = end;
    return end;
  };
  const blocks = fn.blocks.map((block) => ({ ...block, terminator: retarget(block.terminator, resolve) }));
  return { ...fn, blocks };
}

function copyShortTails(fn: MachineFunction): MachineFunction {
  const entries = new Uint32Array(fn.blocks.length);
  for (const block of fn.blocks) for (const target of targetsOf(block.terminator)) entries[target]! += 1;
  const follower = followers(fn);
  const blocks = fn.blocks.map((block, index): MachineBlock => {
    if (block.terminator.kind !== 'jump') return block;
    const { target } = block.terminator;
    const tail = fn.blocks[target]!;
    if (tail === block || entries[target]! < 2 || follower[index] === target || !isShort(tail)) return block;
    return { instructions: [...block.instructions, ...tail.instructions], terminator: tail.terminator };
  });
  return { ...fn, blocks };
}

/** The block written after each. */
function followers(fn: MachineFunction): readonly (number | undefined)[] {
  const order = blockOrder(fn);
  const found: (number | undefined)[] = [];
  order.forEach((block, place) => {
    found[block] = order[place + 1];
  });
  return found;
}

function isShort({ instructions, terminator }: MachineBlock): boolean {
  switch (terminator.kind) {
    case 'jump':
      return false;
    case 'exit':
      return instructions.length <= COPIED_EXIT;
    case 'branch':
      return instructions.length <= COPIED_TEST;
  }
}
