/**
 * The control flow graph, walked depth first (`check_cfg`): nothing unreachable, no jump into half an instruction, no loops
 * where they are not allowed. Marks where paths meet (prune points) and where history is not linear (jump points), and
 * gathers what each function's calls may do.
 */
import type { Environment } from '../environment.ts';
import { type Insn, isFunctionAddress, isLocalCall, isMayGoto, isWideLoad } from '../instruction.ts';
import {
  backEdge,
  jumpIntoWideLoad,
  jumpOutOfRange,
  malformedGoto,
  unreachableInstruction,
} from '../messages.gen.ts';
import type { Subprogram } from '../subprogram.ts';
import { callEffects } from './call-effects.ts';
import { containingSubprogram } from './find-subprogram.ts';

/** How far the walk has come with a slot: `enum { DISCOVERED, EXPLORED }` with the edges done. */
const UNSEEN = 0;
const OPEN = 1;
const CLOSED = 2;

/** @throws Rejection */
export function checkControlFlow(env: Environment): void {
  const walk = new ControlFlowWalk(env);
  walk.from(0);
  // Nobody calls the exception callback.
  if (env.exceptionCallback > 0) walk.from(env.subprograms[env.exceptionCallback]!.start);
  walk.checkReachability();
}

class ControlFlowWalk {
  readonly #env: Environment;
  readonly #loops: boolean;
  /** Of edges that are no jumps: until 6.7 loops were told by them, and recursion. */
  readonly #recursion: boolean;
  readonly #seen: Uint8Array;
  /** Edges of a slot that are done: 0, 1 (the first), 2. */
  readonly #edges: Uint8Array;
  readonly #stack: Int32Array;
  #depth = 0;

  constructor(env: Environment) {
    this.#env = env;
    const count = env.insns.length;
    this.#seen = new Uint8Array(count);
    this.#edges = new Uint8Array(count);
    this.#stack = new Int32Array(count);
    this.#loops = env.privileged && env.supports('bounded_loops');
    this.#recursion = env.privileged && env.atLeast('6.7');
  }

  from(start: number): void {
    if (this.#seen[start] === CLOSED) return;
    this.#seen[start] = OPEN;
    this.#stack[0] = start;
    this.#depth = 1;
    while (this.#depth > 0) {
      const slot = this.#stack[this.#depth - 1]!;
      if (this.#visit(slot)) continue;
      this.#seen[slot] = CLOSED;
      this.#depth--;
    }
  }

  /** True when a slot was pushed and the walk must go on there first. */
  #visit(slot: number): boolean {
    const insn = this.#env.insns[slot]!;
    if (isFunctionAddress(insn)) return this.#visitCall(slot, insn, true);
    if (insn.class !== 5 && insn.class !== 6) {
      return this.#follow(slot, slot + (isWideLoad(insn) ? 2 : 1), 1, this.#recursion);
    }
    switch (insn.operation) {
      case 0x90:
        return false;
      case 0x80:
        this.#markCall(slot, insn);
        return this.#visitCall(slot, insn, isLocalCall(insn));
      case 0x00:
        return this.#visitGoto(slot, insn);
      default:
        return this.#visitBranch(slot, insn);
    }
  }

  #visitGoto(slot: number, insn: Insn): boolean {
    if (insn.usesSource) throw malformedGoto({ slot });
    const target = slot + 1 + (insn.class === 5 ? insn.off : insn.imm);
    const pushed = this.#follow(slot, target, 1, this.#loops);
    this.#markMeeting(target);
    return pushed;
  }

  #visitBranch(slot: number, insn: Insn): boolean {
    const aux = this.#env.aux[slot]!;
    aux.prunePoint = true;
    if (isMayGoto(insn)) aux.forceCheckpoint = true;
    if (this.#follow(slot, slot + 1, 1, this.#loops)) return true;
    return this.#follow(slot, slot + insn.off + 1, 2, this.#loops);
  }

  #visitCall(slot: number, insn: Insn, visitCallee: boolean): boolean {
    const next = slot + (isWideLoad(insn) ? 2 : 1);
    if (this.#follow(slot, next, 1, this.#recursion)) return true;
    this.#markMeeting(next);
    if (!visitCallee) return false;
    const target = slot + insn.imm + 1;
    this.#env.aux[slot]!.prunePoint = true;
    this.#mergeEffects(slot, target);
    return this.#follow(slot, target, 2, isFunctionAddress(insn) ? this.#loops : this.#recursion);
  }

  /** One edge. True when its end was pushed. `loopAllowed`: it may lead back to a slot that is still open. */
  #follow(slot: number, target: number, edge: 1 | 2, loopAllowed: boolean): boolean {
    if (this.#edges[slot]! >= edge) return false;
    if (target < 0 || target >= this.#seen.length) throw jumpOutOfRange({ slot, target });
    if (edge === 2) this.#markMeeting(target);
    const state = this.#seen[target];
    if (state === UNSEEN) {
      this.#edges[slot] = edge;
      this.#seen[target] = OPEN;
      this.#stack[this.#depth++] = target;
      return true;
    }
    if (state === OPEN) {
      if (!loopAllowed) throw backEdge({ slot, target });
      return false;
    }
    this.#edges[slot] = edge;
    return false;
  }

  #markMeeting(slot: number): void {
    const aux = this.#env.aux[slot]!;
    aux.prunePoint = true;
    aux.jumpPoint = true;
  }

  #markCall(slot: number, insn: Insn): void {
    const env = this.#env;
    const effects = callEffects(env, slot, insn);
    const aux = env.aux[slot]!;
    if (effects.callback === 'async') aux.prunePoint = true;
    if (effects.callback === 'sync' && env.atLeast('6.7')) {
      aux.callsCallback = true;
      aux.forceCheckpoint = true;
      this.#markMeeting(slot);
    }
    if (effects.iteratorNext) {
      aux.isIteratorNext = true;
      aux.prunePoint = true;
      aux.forceCheckpoint = true;
    }
    const subprogram = this.#subprogramOf(slot);
    if (effects.mightSleep) subprogram.mightSleep = true;
    if (effects.changesPacket) subprogram.changesPacket = true;
  }

  #mergeEffects(slot: number, target: number): void {
    const caller = this.#subprogramOf(slot);
    const callee = this.#subprogramOf(target);
    caller.changesPacket ||= callee.changesPacket;
    caller.mightSleep ||= callee.mightSleep;
  }

  #subprogramOf(slot: number): Subprogram {
    const { subprograms } = this.#env;
    return subprograms[containingSubprogram(subprograms, slot)]!;
  }

  checkReachability(): void {
    const { insns } = this.#env;
    for (let slot = 0; slot < insns.length; slot++) {
      if (this.#seen[slot] !== CLOSED) throw unreachableInstruction({ slot });
      if (!isWideLoad(insns[slot]!)) continue;
      if (this.#seen[slot + 1] !== UNSEEN) throw jumpIntoWideLoad({ slot });
      slot++;
    }
  }
}
