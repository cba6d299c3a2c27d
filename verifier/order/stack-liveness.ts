/**
 * Which stack slots may still be read (`kernel/bpf/liveness.c` of 6.18). Each instruction's reads and writes are noted as it
 * is walked; when a path ends they are carried backwards, so that kept states can drop what nobody reads.
 */
import type { Environment } from '../environment.ts';
import type { VerifierState } from '../state/state.ts';
import { carryBackwards } from './stack-flow.ts';
import { StackUse } from './stack-use.ts';

/** Frames of the longest chain of calls. */
const FRAMES = 8;

/** What is known of the stack of one program, and what the instruction that is walked has written so far. */
export class StackLiveness {
  /** By first slot: the program, and global functions verified by themselves. */
  readonly #outermost = new Map<number, StackUse>();
  readonly #low = new Int32Array(FRAMES);
  readonly #high = new Int32Array(FRAMES);
  #wrote = false;

  outermost(start: number, length: number): StackUse {
    let use = this.#outermost.get(start);
    if (use === undefined) {
      use = new StackUse(start, length, 0, null, -1);
      this.#outermost.set(start, use);
    }
    return use;
  }

  reset(): void {
    if (!this.#wrote) return;
    this.#low.fill(0);
    this.#high.fill(0);
    this.#wrote = false;
  }

  write(frame: number, spi: number): void {
    if (spi < 32) this.#low[frame]! |= 1 << spi;
    else this.#high[frame]! |= 1 << (spi & 31);
    this.#wrote = true;
  }

  commit(use: StackUse, slot: number): void {
    if (this.#wrote || use.hasWrites) {
      for (let frame = 0; frame <= use.depth; frame++) {
        use.setWrites(frame, slot, this.#low[frame]!, this.#high[frame]!);
      }
    }
    use.seen[slot - use.start] = 1;
  }
}

/** The instruction at `env.slot` begins: nothing is written yet. */
export function resetStackMarks(env: Environment): void {
  env.search.liveness.reset();
}

/** It reads slot `spi` of frame `frame`. */
export function markStackRead(env: Environment, frame: number, spi: number): void {
  const use = useOf(env, env.state, env.state.frames.length - 1);
  if (spi < 32) use.addRead(frame, env.slot, 1 << spi, 0);
  else use.addRead(frame, env.slot, 0, 1 << (spi & 31));
}

/** It overwrites all of slot `spi` of frame `frame` for certain. */
export function markStackWrite(env: Environment, frame: number, spi: number): void {
  env.search.liveness.write(frame, spi);
}

/** It is done. `depth`: how many frames there were before it; calls and returns have nothing of their own to note. */
export function commitStackMarks(env: Environment, depth: number): void {
  const { state } = env;
  if (state.frames.length !== depth) return;
  env.search.liveness.commit(useOf(env, state, depth - 1), env.slot);
}

/** A path or a function of it ended: carry the marks backwards (`bpf_update_live_stack`). */
export function updateLiveStack(env: Environment): void {
  const { state } = env;
  for (let frame = state.frames.length - 1; frame >= 0; frame--) {
    const use = useOf(env, state, frame);
    if (!use.updated) continue;
    carryBackwards(env, use);
    use.updated = false;
    use.dropped = false;
  }
}

/** Slot `spi` of frame `frame` may be read after `state`, by its function or when those it called have returned. */
export function isStackLive(env: Environment, state: VerifierState, frame: number, spi: number): boolean {
  const top = state.frames.length - 1;
  if (useOf(env, state, top).isLive(frame, state.slot, spi)) return true;
  for (let i = frame; i < top; i++) {
    const { callSite } = state.frames[i + 1]!;
    // A call that runs a callback may run it again.
    const next = env.aux[callSite]!.callsCallback ? callSite : callSite + 1;
    if (useOf(env, state, i).isLive(frame, next, spi)) return true;
  }
  return false;
}

function useOf(env: Environment, state: VerifierState, depth: number): StackUse {
  const frame = state.frames[depth]!;
  if (frame.stackUse !== null) return frame.stackUse;
  const { start, end } = env.subprograms[frame.subprogram]!;
  const length = (end > start ? end : env.insns.length) - start;
  frame.stackUse =
    depth === 0
      ? env.search.liveness.outermost(start, length)
      : useOf(env, state, depth - 1).inner(start, length, frame.callSite);
  return frame.stackUse;
}
