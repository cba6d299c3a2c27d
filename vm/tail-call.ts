/** `bpf_tail_call` (kernel/bpf/core.c): another program takes the place of the function that runs, in its frame. */

import { helper } from '../bpf/helpers/lookup.ts';
import { KERNEL_TAG } from './address.ts';
import { MAX_TAIL_CALLS, RunState } from './layout.ts';
import type { Machine } from './machine.ts';
import { ProgArrayMap } from './maps/prog-array-map.ts';
import type { Program } from './program.ts';

export const TAIL_CALL: number = helper('tail_call').id;

/**
 * r1 context, r2 array, r3 index in the register file: the program that is called, and the call is counted. Undefined where
 * there is none or too many calls were made: the program goes on behind its call.
 */
export function tailTarget(machine: Machine): Program | undefined {
  const { registers: r, memory } = machine;
  const map = r[5] === KERNEL_TAG ? machine.mapAt(r[4]! >>> 0) : undefined;
  if (!(map instanceof ProgArrayMap))
    throw machine.fault('helper', 'makes a tail call through something that is no array of programs');
  const { i32 } = memory;
  const index = r[6]! >>> 0;
  const calls = i32[RunState.tailCalls >> 2]!;
  if (index >= map.definition.maxEntries || calls >= MAX_TAIL_CALLS) return undefined;
  const id = i32[(map.layout.base + map.layout.elements + index * 4) >> 2]!;
  if (id === 0) return undefined;
  i32[RunState.tailCalls >> 2] = calls + 1;
  return machine.programAt(id - 1);
}

/** The program that is called runs from now on: it has r1 and r10, and zeros elsewhere. */
export function startTail({ registers: r, memory }: Machine, { slot }: Program): void {
  for (let i = 0; i < 20; i++) if (i !== 2 && i !== 3) r[i] = 0;
  memory.i32[RunState.program >> 2] = slot;
}
