/** Checks frames against the kernel's limit: 512 bytes along every chain of calls (check_max_stack_depth). */
import type { IrFunction, IrModule, SlotInfo } from '../ir/ir.ts';

/** A function whose frame, with those of the functions it calls, is too large. */
export interface StackProblem {
  readonly function: string;
  /** Bytes needed along the deepest chain of calls. */
  readonly bytes: number;
  readonly limit: number;
  /** The chain, outermost first. */
  readonly chain: readonly string[];
  /** Largest slots on the chain, largest first. */
  readonly largest: readonly (SlotInfo & { readonly function: string })[];
}

const LIMIT = 512;
const NAMED = 5;

interface Sized {
  readonly name: string;
  readonly stackBytes: number;
}

interface Depth {
  readonly bytes: number;
  readonly chain: readonly string[];
}

/** One problem a function that nobody calls; recursion, which the kernel refuses, ends the chain. */
export function stackProblems(module: IrModule, generated: readonly Sized[]): readonly StackProblem[] {
  const callees = new Map(module.functions.map((fn) => [fn.name, calleesOf(fn)]));
  const sizes = new Map(generated.map((fn) => [fn.name, fn.stackBytes]));
  const called = new Set([...callees.values()].flat());
  const known = new Map<string, Depth>();
  const depthOf = (name: string): Depth => {
    const done = known.get(name);
    if (done !== undefined) return done;
    known.set(name, { bytes: 0, chain: [] });
    let deepest: Depth = { bytes: 0, chain: [] };
    for (const callee of callees.get(name) ?? []) {
      const depth = depthOf(callee);
      if (depth.bytes > deepest.bytes) deepest = depth;
    }
    const own = roundFrame(sizes.get(name) ?? 0);
    const result = { bytes: own + deepest.bytes, chain: [name, ...deepest.chain] };
    known.set(name, result);
    return result;
  };
  const problems: StackProblem[] = [];
  for (const { name } of module.functions) {
    if (called.has(name)) continue;
    const { bytes, chain } = depthOf(name);
    if (bytes > LIMIT) {
      problems.push({ function: name, bytes, limit: LIMIT, chain, largest: largestSlots(module, chain) });
    }
  }
  return problems;
}

/** A frame counts in steps of 32 bytes, and at least one byte. */
function roundFrame(bytes: number): number {
  return Math.ceil(Math.max(bytes, 1) / 32) * 32;
}

export function calleesOf(fn: IrFunction): string[] {
  const names = new Set<string>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      if (instruction.kind === 'call-function' || instruction.kind === 'function-address') {
        names.add(instruction.function);
      }
    }
  }
  return [...names];
}

function largestSlots(module: IrModule, chain: readonly string[]): StackProblem['largest'] {
  const slots = module.functions
    .filter((fn) => chain.includes(fn.name))
    .flatMap((fn) => fn.slots.map((slot) => ({ ...slot, function: fn.name })));
  return slots.sort((left, right) => right.size - left.size).slice(0, NAMED);
}
