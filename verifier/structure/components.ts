/** Loops of the control flow: its strongly connected components, by Tarjan's walk without recursion (`compute_scc`). */
import type { Environment } from '../environment.ts';
import { fallThrough, jumpTarget, NOWHERE } from './successors.ts';

const OFF_STACK = 0x7fff_ffff;

/** Numbers each component with a loop in `aux.component`, from 1. @returns one more than the last number */
export function findComponents(env: Environment): number {
  const walk = new ComponentWalk(env);
  for (let slot = 0; slot < env.insns.length; slot++) walk.from(slot);
  return walk.next;
}

class ComponentWalk {
  next = 1;
  readonly #env: Environment;
  readonly #order: Int32Array;
  /** Smallest order reachable. */
  readonly #low: Int32Array;
  readonly #path: Int32Array;
  readonly #members: Int32Array;
  #pathLength = 0;
  #memberCount = 0;
  #visited = 0;

  constructor(env: Environment) {
    this.#env = env;
    const count = env.insns.length;
    this.#order = new Int32Array(count);
    this.#low = new Int32Array(count);
    this.#path = new Int32Array(count);
    this.#members = new Int32Array(count);
  }

  from(start: number): void {
    if (this.#order[start] !== 0) return;
    this.#path[0] = start;
    this.#pathLength = 1;
    while (this.#pathLength > 0) this.#step(this.#path[this.#pathLength - 1]!);
  }

  #step(slot: number): void {
    const order = this.#order;
    const low = this.#low;
    if (order[slot] === 0) {
      order[slot] = ++this.#visited;
      low[slot] = this.#visited;
      this.#members[this.#memberCount++] = slot;
    }
    const insn = this.#env.insns[slot]!;
    const next = fallThrough(insn, slot);
    const target = jumpTarget(insn, slot);
    if (this.#descend(slot, next) || this.#descend(slot, target)) return;
    this.#pathLength--;
    if (low[slot]! < order[slot]!) return;
    this.#close(slot, next === slot || target === slot);
  }

  /** True when the walk goes on at the successor first. */
  #descend(slot: number, successor: number): boolean {
    if (successor === NOWHERE || successor >= this.#order.length) return false;
    if (this.#order[successor] === 0) {
      this.#path[this.#pathLength++] = successor;
      return true;
    }
    if (this.#low[successor]! < this.#low[slot]!) this.#low[slot] = this.#low[successor]!;
    return false;
  }

  /** `root` and what was found after it are one component. */
  #close(root: number, selfLoop: boolean): void {
    const loops = selfLoop || this.#members[this.#memberCount - 1] !== root;
    for (;;) {
      const member = this.#members[--this.#memberCount]!;
      this.#low[member] = OFF_STACK;
      if (loops) this.#env.aux[member]!.component = this.next;
      if (member === root) break;
    }
    if (loops) this.next++;
  }
}
