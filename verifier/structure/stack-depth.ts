/**
 * Stack of all functions that may be on it at once (`check_max_stack_depth`), found along calls and addresses of functions;
 * jumps do not count.
 */
import type { Environment } from '../environment.ts';
import { isFunctionAddress, isKfuncCall, isLocalCall } from '../instruction.ts';
import {
  callChainTooDeep,
  combinedStackTooLarge,
  exceptionCallbackCalled,
  stackTooLarge,
  tailCallInExceptionCallback,
  tailCallStackTooLarge,
  throwFromCallback,
} from '../messages.gen.ts';
import { findSubprogram } from './find-subprogram.ts';
import { findKfunc } from './kfunc-calls.ts';

/** `BPF_PRIV_STACK_MIN_SIZE` */
const PRIVATE_MIN = 64;

/** Types that run without a trampoline, hence need a stack of their own (`bpf_enable_priv_stack`). */
const PRIVATE_TYPES: ReadonlySet<string> = new Set(['kprobe', 'tracepoint', 'perf_event', 'raw_tracepoint']);

type StackMode = 'unknown' | 'shared' | 'private';

/** @throws Rejection */
export function checkMaxStackDepth(env: Environment): void {
  if (!env.supports('bpf_to_bpf_calls')) return;
  const walk = new StackWalk(env);
  const privateStacks = mayHavePrivateStacks(env);
  for (let number = env.subprograms.length - 2; number >= 0; number--) {
    if (number === 0) walk.from(0, privateStacks);
    else if (env.subprograms[number]!.isAsyncCallback) walk.from(number, false);
  }
  walk.note();
}

function mayHavePrivateStacks(env: Environment): boolean {
  if (!env.supports('private_stacks')) return false;
  if (env.subprograms.some(({ hasTailCall }) => hasTailCall)) return false;
  const { name } = env.type;
  return PRIVATE_TYPES.has(name) || (name === 'tracing' && env.attachType !== 'trace_iter');
}

interface Call {
  readonly subprogram: number;
  readonly slot: number;
}

class StackWalk {
  readonly #env: Environment;
  readonly #modes: StackMode[];
  /** Calls that are open, outermost first. */
  #calls: Call[] = [];
  #depth = 0;
  #private = false;
  #tailCallReachable = false;

  constructor(env: Environment) {
    this.#env = env;
    this.#modes = env.subprograms.map(() => 'unknown');
  }

  /** @throws Rejection */
  from(root: number, privateStacks: boolean): void {
    this.#calls = [];
    this.#depth = 0;
    this.#private = privateStacks;
    this.#tailCallReachable = false;
    this.#enter(root);
    let number = root;
    let slot = this.#env.subprograms[root]!.start;
    for (;;) {
      const callee = this.#nextCallee(number, slot);
      if (callee !== undefined) {
        this.#calls.push({ subprogram: number, slot: callee.slot + 1 });
        number = callee.subprogram;
        slot = this.#env.subprograms[number]!.start;
        this.#checkFrames();
        this.#enter(number);
        continue;
      }
      this.#leave(number);
      const caller = this.#calls.pop();
      if (caller === undefined) return;
      number = caller.subprogram;
      slot = caller.slot;
    }
  }

  note(): void {
    for (const [number, subprogram] of this.#env.subprograms.entries()) {
      subprogram.usesPrivateStack = this.#modes[number] === 'private';
    }
  }

  #checkFrames(): void {
    const frames = this.#calls.length;
    if (frames >= this.#env.profile.limits.frames) throw callChainTooDeep({ frames });
  }

  #enter(number: number): void {
    const { profile } = this.#env;
    const subprogram = this.#env.subprograms[number]!;
    if (!this.#private) this.#modes[number] = 'shared';
    if (this.#calls.length > 0 && subprogram.hasTailCall) this.#tailCallReachable = true;
    const limited = profile.limits.tailCallStack;
    if (
      number > 0 &&
      subprogram.hasTailCall &&
      this.#env.supports('tail_calls_in_functions') &&
      this.#depth >= limited
    ) {
      throw tailCallStackTooLarge({ depth: this.#depth });
    }
    const size = this.#sizeOf(number);
    if (this.#private && this.#modes[number] === 'unknown' && size >= PRIVATE_MIN)
      this.#modes[number] = 'private';
    if (this.#modes[number] === 'private') {
      if (size > profile.limits.stack) throw stackTooLarge({ number, size });
      return;
    }
    this.#depth += size;
    if (this.#depth > profile.limits.stack) {
      throw combinedStackTooLarge({ calls: this.#calls.length + 1, depth: this.#depth });
    }
  }

  #leave(number: number): void {
    if (this.#tailCallReachable) this.#noteTailCall();
    if (this.#calls.length > 0 && this.#modes[number] !== 'private') this.#depth -= this.#sizeOf(number);
  }

  #noteTailCall(): void {
    for (const { subprogram } of this.#calls) {
      const caller = this.#env.subprograms[subprogram]!;
      if (caller.isExceptionCallback) throw tailCallInExceptionCallback({});
      caller.tailCallReachable = true;
    }
  }

  /** Bytes as the JIT lays them out; before 6.9 as the interpreter does. */
  #sizeOf(number: number): number {
    const bytes = this.#env.subprograms[number]!.stackDepth;
    return this.#env.atLeast('6.9') ? (bytes + 15) & ~15 : (Math.max(bytes, 1) + 31) & ~31;
  }

  /** The next call or address of a function in function `number` from `slot` on. */
  #nextCallee(number: number, from: number): Call | undefined {
    const env = this.#env;
    const { end } = env.subprograms[number]!;
    for (let slot = from; slot < end; slot++) {
      const insn = env.insns[slot]!;
      if (isKfuncCall(insn)) this.#checkThrow(number, slot);
      const called = isLocalCall(insn);
      if (!called && !isFunctionAddress(insn)) continue;
      const callee = findSubprogram(env.subprograms, slot + insn.imm + 1);
      const target = env.subprograms[callee]!;
      if (target.isAsyncCallback) {
        // It runs some other time, on another stack.
        if (!called) continue;
        if (target.isExceptionCallback) throw exceptionCallbackCalled({ slot });
      }
      return { subprogram: callee, slot };
    }
    return undefined;
  }

  #checkThrow(number: number, slot: number): void {
    const { subprograms } = this.#env;
    if (findKfunc(this.#env, slot)?.name !== 'bpf_throw') return;
    const inCallback =
      subprograms[number]!.isCallback ||
      this.#calls.some(({ subprogram }) => subprograms[subprogram]!.isCallback);
    if (inCallback) throw throwFromCallback({ slot, number });
  }
}
