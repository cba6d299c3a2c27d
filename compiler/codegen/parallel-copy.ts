/** Orders the simultaneous assignments at the end of an edge, so that no source is overwritten before it is read. */
import type { MachineRegister } from './machine.ts';

export interface Copy {
  readonly dst: MachineRegister;
  readonly src: MachineRegister;
}

/** Sequential copies with the same effect; cycles go through registers of `temporary`. Destinations are distinct. */
export function sequentialise(copies: readonly Copy[], temporary: () => MachineRegister): Copy[] {
  const sourceOf = new Map<MachineRegister, MachineRegister>();
  const readers = new Map<MachineRegister, number>();
  for (const { dst, src } of copies) {
    if (dst === src) continue;
    sourceOf.set(dst, src);
    readers.set(src, (readers.get(src) ?? 0) + 1);
  }
  const result: Copy[] = [];
  const free = [...sourceOf.keys()].filter((dst) => !readers.has(dst));
  const emitFree = (): void => {
    for (let dst = free.pop(); dst !== undefined; dst = free.pop()) {
      const src = sourceOf.get(dst)!;
      result.push({ dst, src });
      sourceOf.delete(dst);
      const left = readers.get(src)! - 1;
      readers.set(src, left);
      if (left === 0 && sourceOf.has(src)) free.push(src);
    }
  };
  emitFree();
  // What is left are cycles: every remaining destination is read exactly once.
  for (const dst of [...sourceOf.keys()]) {
    if (!sourceOf.has(dst)) continue;
    const saved = temporary();
    result.push({ dst: saved, src: dst });
    for (const [reader, src] of cycle(sourceOf, dst)) {
      if (src !== dst) continue;
      sourceOf.set(reader, saved);
      readers.set(saved, 1);
    }
    readers.set(dst, 0);
    free.push(dst);
    emitFree();
  }
  return result;
}

function cycle(
  sourceOf: ReadonlyMap<MachineRegister, MachineRegister>,
  start: MachineRegister,
): [MachineRegister, MachineRegister][] {
  const pairs: [MachineRegister, MachineRegister][] = [];
  for (let dst = start; ; ) {
    const src = sourceOf.get(dst)!;
    pairs.push([dst, src]);
    if (src === start) return pairs;
    dst = src;
  }
}
