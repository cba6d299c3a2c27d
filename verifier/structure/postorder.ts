/** The slots of all functions so that what follows comes first, loops apart (`compute_postorder`). */
import type { Environment } from '../environment.ts';
import { fallThrough, jumpTarget, NOWHERE } from './successors.ts';

export interface Postorder {
  readonly order: Int32Array;
  /** Of each function, where its slots begin in {@link order}; one more for the end. */
  readonly starts: readonly number[];
}

const DISCOVERED = 1;
const EXPLORED = 2;

/** The program has been found to stay within its functions (`checkControlFlow`). */
export function postorderOf(env: Environment): Postorder {
  const { insns } = env;
  const order = new Int32Array(insns.length);
  const state = new Uint8Array(insns.length);
  const stack = new Int32Array(insns.length + 1);
  const starts: number[] = [];
  let count = 0;
  let depth = 0;
  const push = (slot: number): void => {
    if (slot === NOWHERE || state[slot] !== 0) return;
    state[slot] = DISCOVERED;
    stack[depth++] = slot;
  };
  for (const { start } of env.subprograms.slice(0, -1)) {
    starts.push(count);
    stack[0] = start;
    depth = 1;
    while (depth > 0) {
      const top = stack[depth - 1]!;
      if (state[top] === (DISCOVERED | EXPLORED)) {
        order[count++] = top;
        depth--;
        continue;
      }
      state[top] = DISCOVERED | EXPLORED;
      push(fallThrough(insns[top]!, top));
      push(jumpTarget(insns[top]!, top));
    }
  }
  starts.push(count);
  return { order: order.subarray(0, count), starts };
}
