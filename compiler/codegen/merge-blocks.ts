/**
 * Blocks that do the same and go on to the same place become one. Places of the source do not count: of code that several
 * statements end in, the first one's place is kept.
 */
import type { MachineBlock, MachineFunction, MachineInstruction, MachineTerminator } from './machine.ts';
import { pruneBlocks } from './prune.ts';
import { retarget } from './retarget.ts';

export function mergeEqualBlocks(fn: MachineFunction): MachineFunction {
  const same = fn.blocks.map((_, index) => index);
  const find = (block: number): number => {
    let root = block;
    while (same[root] !== root) root = same[root]!;
    return root;
  };
  // Ends first: blocks that go on to blocks found equal may be equal themselves.
  const first = new Map<string, number>();
  const alike = countShapes(fn.blocks);
  for (let index = fn.blocks.length - 1; index > 0; index -= 1) {
    const block = fn.blocks[index]!;
    if (block.instructions.length > MAX_INSTRUCTIONS || alike.get(shapeOf(block)) === 1) continue;
    const name = textOf(block, find);
    const known = first.get(name);
    if (known === undefined) first.set(name, index);
    else same[index] = known;
  }
  if (same.every((target, index) => target === index)) return fn;
  const blocks = fn.blocks.map((block) => ({ ...block, terminator: retarget(block.terminator, find) }));
  return pruneBlocks({ ...fn, blocks });
}

/** Longest blocks compared. */
const MAX_INSTRUCTIONS = 16;

/** What equal blocks have in common at least. Most blocks have a shape of their own, and their texts are dear to make. */
function shapeOf({ instructions }: MachineBlock): string {
  return instructions.map(({ kind }) => kind).join();
}

function countShapes(blocks: readonly MachineBlock[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const block of blocks) {
    if (block.instructions.length > MAX_INSTRUCTIONS) continue;
    const shape = shapeOf(block);
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  return counts;
}

function textOf({ instructions, terminator }: MachineBlock, find: (block: number) => number): string {
  return [...instructions, retarget(terminator, find)].map(withoutPlace).join('\n');
}

function withoutPlace(one: MachineInstruction | MachineTerminator): string {
  return JSON.stringify(one, (name, value: unknown) =>
    name === 'span' || name === 'touches' ? undefined : value,
  );
}
