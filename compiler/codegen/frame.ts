/**
 * Places in the 512-byte stack frame. Objects whose uses lie in disjoint stretches of code share bytes. A stretch is
 * the range from the first to the last block position that refers to the object, widened over loops through which its
 * contents may travel.
 */
import { type MachineFunction, type MachineInstruction, targetsOf } from './machine.ts';

export interface FrameLayout {
  /** Distance from r10, negative; 0 for objects never used. */
  readonly offsets: readonly number[];
  /** Bytes used, a multiple of 8. */
  readonly size: number;
}

interface Stretch {
  readonly object: number;
  first: number;
  last: number;
  readonly block: number;
  /** Used in one block only, where the first reference writes the whole object: no loop carries its contents. */
  fresh: boolean;
}

interface Loop {
  readonly first: number;
  readonly last: number;
}

export function layoutFrame(fn: MachineFunction): FrameLayout {
  const stretches = findStretches(fn);
  widen(stretches, findLoops(fn));
  stretches.sort((left, right) => left.first - right.first);
  const offsets = fn.frame.map(() => 0);
  const space = new Space();
  for (const stretch of stretches) {
    const { size, align } = fn.frame[stretch.object]!;
    offsets[stretch.object] = -space.place(stretch.first, stretch.last, size, align);
  }
  return { offsets, size: Math.ceil(space.used / 8) * 8 };
}

/** Positions count instructions and, once each, the ends of blocks. */
function findStretches(fn: MachineFunction): Stretch[] {
  const found = new Map<number, Stretch>();
  let position = 0;
  const refer = (object: number, instruction: MachineInstruction, block: number): void => {
    const known = found.get(object);
    if (known === undefined) {
      const fresh = isWholeStore(fn, instruction);
      found.set(object, { object, first: position, last: position, block, fresh });
      return;
    }
    known.last = position;
    if (known.block !== block) known.fresh = false;
  };
  fn.blocks.forEach(({ instructions }, block) => {
    for (const instruction of instructions) {
      position += 1;
      for (const object of references(instruction)) refer(object, instruction, block);
    }
    position += 1;
  });
  for (const stretch of found.values()) {
    if (!fn.frame[stretch.object]!.escapes) continue;
    stretch.first = 0;
    stretch.last = position;
  }
  return [...found.values()];
}

function references(instruction: MachineInstruction): readonly number[] {
  const touched = instruction.touches ?? [];
  return instruction.kind === 'op' && instruction.frame !== undefined
    ? [...touched, instruction.frame]
    : touched;
}

function isWholeStore(fn: MachineFunction, instruction: MachineInstruction): boolean {
  if (instruction.kind !== 'op' || instruction.frame === undefined) return false;
  if (instruction.op !== 'stx64' && instruction.op !== 'st64') return false;
  return fn.frame[instruction.frame]!.size === 8;
}

/** Stretches of positions closed by jumps backwards. */
function findLoops(fn: MachineFunction): Loop[] {
  const starts: number[] = [];
  const ends: number[] = [];
  let position = 0;
  for (const block of fn.blocks) {
    starts.push(position);
    position += block.instructions.length + 1;
    ends.push(position - 1);
  }
  const loops: Loop[] = [];
  fn.blocks.forEach((block, index) => {
    for (const target of targetsOf(block.terminator)) {
      if (target <= index) loops.push({ first: starts[target]!, last: ends[index]! });
    }
  });
  return loops.sort((left, right) => left.last - left.first - (right.last - right.first));
}

/** Loops are seen inner ones first; repeated until nothing grows, for loops may overlap. */
function widen(stretches: readonly Stretch[], loops: readonly Loop[]): void {
  if (loops.length === 0) return;
  for (const stretch of stretches) {
    if (stretch.fresh) continue;
    for (let grown = true; grown; ) {
      grown = false;
      for (const { first, last } of loops) {
        if (stretch.first > last || stretch.last < first) continue;
        if (stretch.first <= first && stretch.last >= last) continue;
        stretch.first = Math.min(stretch.first, first);
        stretch.last = Math.max(stretch.last, last);
        grown = true;
      }
    }
  }
}

/** The frame as 8-byte words, each knowing until which position it is taken. */
class Space {
  used = 0;
  private readonly takenUntil: number[] = [];

  /** Distance of the object's start below the frame pointer. */
  place(first: number, last: number, size: number, align: number): number {
    const words = Math.max(1, Math.ceil(size / 8));
    const step = Math.max(1, Math.ceil(align / 8));
    for (let top = 0; ; top += step) {
      if (!this.isFree(top, words, first)) continue;
      for (let word = top; word < top + words; word += 1) this.takenUntil[word] = last;
      this.used = Math.max(this.used, (top + words) * 8);
      return (top + words) * 8;
    }
  }

  private isFree(top: number, words: number, first: number): boolean {
    for (let word = top; word < top + words; word += 1) {
      if ((this.takenUntil[word] ?? -1) >= first) return false;
    }
    return true;
  }
}
