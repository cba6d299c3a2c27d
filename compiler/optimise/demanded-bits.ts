/**
 * Removes extensions whose upper bits nobody looks at: a number sign-extended on load and then stored in 32 bits needs no
 * extension. Each value's demand is the count of low bits that anything observable depends on.
 */
import type { Block, IrFunction, IrInstruction, Operand, Terminator, Value, ValueInfo } from '../ir/ir.ts';
import {
  definedBy,
  edgesOf,
  isRemovable,
  isValue,
  mapOperands,
  mapTerminator,
  operandsOf,
} from '../ir/operands.ts';

const ALL = 64;

/** `fn` must be in SSA form. */
export function dropUndemanded(fn: IrFunction): IrFunction {
  const demand = demandedBits(fn);
  const replaced: (Operand | undefined)[] = [];
  const values: ValueInfo[] = [...fn.values];
  const resolve = (operand: Operand): Operand => {
    let current = operand;
    while (isValue(current) && replaced[current] !== undefined) current = replaced[current]!;
    return current;
  };
  const narrowed = fn.blocks.map((block): Block => {
    const instructions = block.instructions.flatMap((one): IrInstruction[] => {
      if (one.kind === 'extend' && demand[one.dst]! <= one.width) {
        replaced[one.dst] = one.value;
        return [];
      }
      if (one.kind !== 'load' || !one.signed || demand[one.dst]! > one.size * 8) return [one];
      // What was known of the wider value no longer holds.
      const { kind, span } = values[one.dst]!;
      values[one.dst] = { kind, ...(span !== undefined && { span }) };
      return [{ ...one, signed: false }];
    });
    return { ...block, instructions };
  });
  const blocks = narrowed.map((block) => ({
    ...block,
    instructions: block.instructions.map((one) => mapOperands(one, resolve)),
    terminator: mapTerminator(block.terminator, resolve),
  }));
  return { ...fn, values, blocks };
}

type Source =
  | { readonly kind: 'instruction'; readonly one: IrInstruction }
  | { readonly kind: 'argument'; readonly value: Operand };

function demandedBits(fn: IrFunction): Uint8Array {
  const demand = new Uint8Array(fn.values.length);
  const sources = new Map<Value, Source[]>();
  const work: Value[] = [];
  const want = (operand: Operand, bits: number): void => {
    if (!isValue(operand) || demand[operand]! >= bits) return;
    demand[operand] = bits;
    work.push(operand);
  };
  const remember = (value: Value, source: Source): void => {
    const list = sources.get(value);
    if (list === undefined) sources.set(value, [source]);
    else list.push(source);
  };
  for (const block of fn.blocks) {
    for (const one of block.instructions) {
      const dst = definedBy(one);
      if (dst !== undefined && isRemovable(one)) remember(dst, { kind: 'instruction', one });
      else wantOperands(one, want);
    }
    wantTerminator(block.terminator, want);
    for (const { target, args } of edgesOf(block.terminator)) {
      for (const [index, value] of args.entries())
        remember(fn.blocks[target]!.parameters[index]!, { kind: 'argument', value });
    }
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    for (const source of sources.get(value) ?? []) {
      if (source.kind === 'argument') want(source.value, demand[value]!);
      else wantSources(source.one, demand[value]!, want);
    }
  }
  return demand;
}

type Want = (operand: Operand, bits: number) => void;

/** Uses with an effect. */
function wantOperands(one: IrInstruction, want: Want): void {
  for (const operand of operandsOf(one)) {
    const isStored =
      (one.kind === 'store' || one.kind === 'atomic') && operand === one.value && operand !== one.base;
    want(operand, isStored ? one.size * 8 : ALL);
  }
}

function wantTerminator(terminator: Terminator, want: Want): void {
  if (terminator.kind === 'return') want(terminator.value, ALL);
  if (terminator.kind !== 'branch') return;
  want(terminator.left, terminator.bits);
  want(terminator.right, terminator.bits);
}

/** What a computation needs of its operands when so many low bits of its result are wanted. */
function wantSources(one: IrInstruction, bits: number, want: Want): void {
  for (const operand of operandsOf(one)) want(operand, neededBits(one, bits));
}

function neededBits(one: IrInstruction, bits: number): number {
  switch (one.kind) {
    case 'extend':
      return Math.min(one.width, bits);
    case 'compare':
      return one.bits;
    case 'binary':
      return neededByBinary(one, bits);
    default:
      return ALL;
  }
}

/** Carries only go upwards: low bits of a sum or product depend on low bits. */
function neededByBinary(one: Extract<IrInstruction, { kind: 'binary' }>, bits: number): number {
  switch (one.op) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'and':
    case 'or':
    case 'xor':
      return Math.min(one.bits, bits);
    case 'shl':
      return isValue(one.right) ? ALL : Math.min(one.bits, bits);
    default:
      return one.bits;
  }
}
