/**
 * Which stack slots each pointer of a function may point into, so that slots whose uses do not overlap can share
 * bytes. A slot whose address is written to memory escapes: it is kept apart for the whole function.
 */
import type { IrFunction, IrInstruction, Operand, Slot, Terminator } from './ir.ts';
import { definedBy, edgesOf, isValue, operandsOf } from './operands.ts';

export interface SlotPointers {
  /** Slots an instruction reaches through its operands. */
  touched(instruction: IrInstruction): readonly Slot[];
  readonly escaped: ReadonlySet<Slot>;
}

type Points = Map<number, ReadonlySet<Slot>>;

const NOTHING: readonly Slot[] = [];

/** Flow-insensitive: a value points where any of its sources points. */
export function slotPointers(fn: IrFunction): SlotPointers {
  const flows = collectFlows(fn);
  const points = propagate(flows);
  const escaped = new Set<Slot>();
  for (const stored of flows.escaping) for (const slot of points.get(stored) ?? []) escaped.add(slot);
  const touched = (instruction: IrInstruction): readonly Slot[] => {
    let found: Set<Slot> | undefined;
    for (const operand of operandsOf(instruction)) {
      if (!isValue(operand)) continue;
      const slots = points.get(operand);
      if (slots === undefined) continue;
      found ??= new Set();
      for (const slot of slots) found.add(slot);
    }
    return found === undefined ? NOTHING : [...found];
  };
  return { touched, escaped };
}

interface Flows {
  readonly seeds: readonly { readonly value: number; readonly slot: Slot }[];
  /** From a node to the nodes its value reaches; locals are nodes below zero. */
  readonly to: ReadonlyMap<number, readonly number[]>;
  readonly escaping: readonly number[];
}

function collectFlows(fn: IrFunction): Flows {
  const seeds: { value: number; slot: Slot }[] = [];
  const to = new Map<number, number[]>();
  const escaping: number[] = [];
  const flow = (from: Operand | number, target: number): void => {
    if (typeof from !== 'number') return;
    const list = to.get(from);
    if (list === undefined) to.set(from, [target]);
    else list.push(target);
  };
  const edge = (terminator: Terminator): void => {
    for (const { target, args } of edgesOf(terminator)) {
      for (const [index, arg] of args.entries()) flow(arg, fn.blocks[target]!.parameters[index]!);
    }
  };
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      const dst = definedBy(instruction);
      if (instruction.kind === 'slot-address') seeds.push({ value: instruction.dst, slot: instruction.slot });
      else if (instruction.kind === 'binary' || instruction.kind === 'relocated')
        for (const source of operandsOf(instruction)) flow(source, dst!);
      else if (instruction.kind === 'get-local') flow(-1 - instruction.local, instruction.dst);
      else if (instruction.kind === 'set-local') flow(instruction.value, -1 - instruction.local);
      else if (instruction.kind === 'store' && isValue(instruction.value)) escaping.push(instruction.value);
    }
    edge(block.terminator);
  }
  return { seeds, to, escaping };
}

function propagate({ seeds, to }: Flows): Points {
  const points = new Map<number, Set<Slot>>();
  const work = [...seeds];
  while (work.length > 0) {
    const { value, slot } = work.pop()!;
    let slots = points.get(value);
    if (slots === undefined) {
      slots = new Set();
      points.set(value, slots);
    }
    if (slots.has(slot)) continue;
    slots.add(slot);
    for (const target of to.get(value) ?? []) work.push({ value: target, slot });
  }
  return points;
}
