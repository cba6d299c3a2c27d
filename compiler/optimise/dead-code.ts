/** Removes computations nobody wants, block parameters nobody reads, and writes to slots that are never read. */
import type { Block, IrFunction, IrInstruction, Operand, Slot, Value } from '../ir/ir.ts';
import { definedBy, edgesOf, isRemovable, isValue, mapEdges, operandsOf } from '../ir/operands.ts';
import { type SlotPointers, slotPointers } from '../ir/slot-pointers.ts';

/** `fn` must be in SSA form. */
export function removeDeadCode(fn: IrFunction): IrFunction {
  const swept = removeDeadStores(fn);
  const live = liveValues(swept);
  const isLive = (value: Value): boolean => live[value] === 1;
  const blocks = swept.blocks.map((block): Block => {
    const instructions = block.instructions.filter((one) => isKept(one, isLive));
    const terminator = mapEdges(block.terminator, (edge) => {
      const { parameters } = swept.blocks[edge.target]!;
      if (parameters.every(isLive)) return edge;
      return { target: edge.target, args: edge.args.filter((_, index) => isLive(parameters[index]!)) };
    });
    return { ...block, parameters: block.parameters.filter(isLive), instructions, terminator };
  });
  return { ...swept, blocks };
}

function isKept(one: IrInstruction, isLive: (value: Value) => boolean): boolean {
  if (!isRemovable(one)) return true;
  const dst = definedBy(one);
  return dst !== undefined && isLive(dst);
}

function liveValues(fn: IrFunction): Uint8Array {
  const live = new Uint8Array(fn.values.length);
  const sources = new Map<Value, Operand[]>();
  const work: Value[] = [];
  const want = (operand: Operand): void => {
    if (!isValue(operand) || live[operand] === 1) return;
    live[operand] = 1;
    work.push(operand);
  };
  const remember = (value: Value, operands: readonly Operand[]): void => {
    const list = sources.get(value);
    if (list === undefined) sources.set(value, [...operands]);
    else for (const operand of operands) list.push(operand);
  };
  for (const block of fn.blocks) {
    for (const one of block.instructions) {
      const dst = definedBy(one);
      if (isRemovable(one) && dst !== undefined) remember(dst, operandsOf(one));
      else operandsOf(one).forEach(want);
    }
    const { terminator } = block;
    if (terminator.kind === 'return') want(terminator.value);
    if (terminator.kind === 'branch') [terminator.left, terminator.right].forEach(want);
    for (const { target, args } of edgesOf(terminator)) {
      for (const [index, arg] of args.entries()) remember(fn.blocks[target]!.parameters[index]!, [arg]);
    }
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) sources.get(value)?.forEach(want);
  return live;
}

function isPlainWrite(one: IrInstruction): boolean {
  return one.kind === 'store' || one.kind === 'zero' || one.kind === 'store-bytes';
}

function removeDeadStores(fn: IrFunction): IrFunction {
  const pointers = slotPointers(fn);
  const read = readSlots(fn, pointers);
  if (read.size === fn.slots.length) return fn;
  const isDead = (one: IrInstruction): boolean => {
    if (!isPlainWrite(one)) return false;
    const touched = pointers.touched(one);
    return touched.length > 0 && touched.every((slot) => !read.has(slot));
  };
  const blocks = fn.blocks.map((block) => ({
    ...block,
    instructions: block.instructions.filter((one) => !isDead(one)),
  }));
  return { ...fn, blocks };
}

/** Slots that anything but a plain write reaches. */
function readSlots(fn: IrFunction, pointers: SlotPointers): ReadonlySet<Slot> {
  const read = new Set<Slot>(pointers.escaped);
  for (const block of fn.blocks) {
    for (const one of block.instructions) {
      if (isPlainWrite(one) || one.kind === 'binary') continue;
      for (const slot of pointers.touched(one)) read.add(slot);
    }
  }
  return read;
}
