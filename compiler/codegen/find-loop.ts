/** Cycles in generated code: what Linux before 5.3 refuses (`check_cfg`). A jump backwards alone is no cycle. */
import type { Instruction } from '../../bpf/instruction.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';

/** A jump that closes a cycle, or undefined. Distances given as numbers are the emitter's skips, always forwards. */
export function findLoop(instructions: readonly Instruction[]): Instruction | undefined {
  const labels = new Map<string, number>();
  instructions.forEach(({ label }, index) => {
    if (label !== undefined) labels.set(label, index);
  });
  const next = (index: number): readonly number[] => {
    const { op, ref } = instructions[index]!;
    const target = ref?.kind === 'label' ? labels.get(ref.name) : undefined;
    const { form } = opcodeOf(op);
    const ends = form === 'exit' || (target !== undefined && (form === 'ja' || form === 'ja32'));
    return [...(target === undefined ? [] : [target]), ...(ends ? [] : [index + 1])];
  };
  const state = new Uint8Array(instructions.length);
  const path: { readonly at: number; readonly rest: number[] }[] = [];
  const enter = (at: number): void => {
    state[at] = ON_PATH;
    path.push({ at, rest: [...next(at)] });
  };
  if (instructions.length > 0) enter(0);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const to = top.rest.pop();
    if (to === undefined) {
      state[top.at] = LEFT;
      path.pop();
    } else if (state[to] === ON_PATH) return instructions[top.at];
    else if (to < instructions.length && state[to] === 0) enter(to);
  }
  return undefined;
}

const ON_PATH = 1;
const LEFT = 2;
