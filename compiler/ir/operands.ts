/**
 * Generic access to the parts of instructions and terminators: what they use, what they define, which blocks follow.
 * Passes are written over these, so that a new instruction kind is taught here once.
 */
import { isStable } from './effects.ts';
import type { BlockId, IrInstruction, Operand, Terminator, Value } from './ir.ts';

/** Replaces one operand; values used as addresses must stay values. */
export type OperandMap = (operand: Operand) => Operand;

export function isValue(operand: Operand): operand is Value {
  return typeof operand === 'number';
}

/** The value an instruction defines. */
export function definedBy(instruction: IrInstruction): Value | undefined {
  return 'dst' in instruction ? instruction.dst : undefined;
}

/** Operands in order, addresses included. */
export function operandsOf(instruction: IrInstruction): readonly Operand[] {
  switch (instruction.kind) {
    case 'constant':
    case 'parameter':
    case 'get-local':
    case 'slot-address':
    case 'map-address':
    case 'map-value-address':
    case 'symbol-address':
    case 'function-address':
      return [];
    case 'binary':
    case 'compare':
      return [instruction.left, instruction.right];
    case 'relocated':
      return instruction.left === undefined ? [] : [instruction.left];
    case 'extend':
    case 'bswap':
    case 'set-local':
      return [instruction.value];
    case 'load':
    case 'zero':
    case 'store-bytes':
      return [instruction.base];
    case 'store':
    case 'atomic':
      return [instruction.base, instruction.value];
    case 'copy':
      return [instruction.to, instruction.from];
    case 'call-helper':
    case 'call-function':
      return instruction.args;
  }
}

/** The instruction with every operand mapped; the same object when nothing changed. */
export function mapOperands(instruction: IrInstruction, map: OperandMap): IrInstruction {
  const base = (value: Value): Value => {
    const mapped = map(value);
    return isValue(mapped) ? mapped : value;
  };
  switch (instruction.kind) {
    case 'constant':
    case 'parameter':
    case 'get-local':
    case 'slot-address':
    case 'map-address':
    case 'map-value-address':
    case 'symbol-address':
    case 'function-address':
      return instruction;
    case 'binary':
    case 'compare': {
      const left = map(instruction.left);
      const right = map(instruction.right);
      if (left === instruction.left && right === instruction.right) return instruction;
      return { ...instruction, left, right };
    }
    case 'relocated': {
      const { left } = instruction;
      const mapped = left === undefined ? undefined : map(left);
      return mapped === undefined || mapped === left ? instruction : { ...instruction, left: mapped };
    }
    case 'extend':
    case 'bswap':
    case 'set-local': {
      const value = map(instruction.value);
      return value === instruction.value ? instruction : { ...instruction, value };
    }
    case 'load':
    case 'zero':
    case 'store-bytes': {
      const mapped = base(instruction.base);
      return mapped === instruction.base ? instruction : { ...instruction, base: mapped };
    }
    case 'store':
    case 'atomic': {
      const mapped = base(instruction.base);
      const value = map(instruction.value);
      if (mapped === instruction.base && value === instruction.value) return instruction;
      return { ...instruction, base: mapped, value };
    }
    case 'copy': {
      const to = base(instruction.to);
      const from = base(instruction.from);
      return to === instruction.to && from === instruction.from ? instruction : { ...instruction, to, from };
    }
    case 'call-helper':
    case 'call-function': {
      const args = mapList(instruction.args, map);
      return args === instruction.args ? instruction : { ...instruction, args };
    }
  }
}

/** Operands of a terminator: comparison, result, block arguments. */
export function terminatorOperands(terminator: Terminator): readonly Operand[] {
  switch (terminator.kind) {
    case 'jump':
      return terminator.args ?? [];
    case 'branch': {
      const { left, right, thenArgs, otherwiseArgs } = terminator;
      return [left, right, ...(thenArgs ?? []), ...(otherwiseArgs ?? [])];
    }
    case 'return':
      return [terminator.value];
  }
}

export function mapTerminator(terminator: Terminator, map: OperandMap): Terminator {
  switch (terminator.kind) {
    case 'jump':
      if (terminator.args === undefined) return terminator;
      return { ...terminator, args: mapList(terminator.args, map) };
    case 'branch': {
      const { thenArgs, otherwiseArgs } = terminator;
      const args = {
        ...(thenArgs === undefined ? {} : { thenArgs: mapList(thenArgs, map) }),
        ...(otherwiseArgs === undefined ? {} : { otherwiseArgs: mapList(otherwiseArgs, map) }),
      };
      return { ...terminator, left: map(terminator.left), right: map(terminator.right), ...args };
    }
    case 'return':
      return { ...terminator, value: map(terminator.value) };
  }
}

/** One way out of a block. */
export interface Edge {
  readonly target: BlockId;
  readonly args: readonly Operand[];
}

const NO_ARGS: readonly Operand[] = [];

export function edgesOf(terminator: Terminator): readonly Edge[] {
  switch (terminator.kind) {
    case 'jump':
      return [{ target: terminator.target, args: terminator.args ?? NO_ARGS }];
    case 'branch':
      return [
        { target: terminator.then, args: terminator.thenArgs ?? NO_ARGS },
        { target: terminator.otherwise, args: terminator.otherwiseArgs ?? NO_ARGS },
      ];
    case 'return':
      return [];
  }
}

/** The terminator with every edge replaced. */
export function mapEdges(terminator: Terminator, map: (edge: Edge) => Edge): Terminator {
  if (terminator.kind === 'return') return terminator;
  if (terminator.kind === 'jump') {
    const edge = map({ target: terminator.target, args: terminator.args ?? NO_ARGS });
    const { args: _args, ...rest } = terminator;
    return { ...rest, target: edge.target, ...(edge.args.length > 0 ? { args: edge.args } : {}) };
  }
  const then = map({ target: terminator.then, args: terminator.thenArgs ?? NO_ARGS });
  const otherwise = map({ target: terminator.otherwise, args: terminator.otherwiseArgs ?? NO_ARGS });
  const { thenArgs: _then, otherwiseArgs: _otherwise, ...rest } = terminator;
  return {
    ...rest,
    // biome-ignore lint/suspicious/noThenProperty: the name of the arm, never awaited
    then: then.target,
    otherwise: otherwise.target,
    ...(then.args.length > 0 ? { thenArgs: then.args } : {}),
    ...(otherwise.args.length > 0 ? { otherwiseArgs: otherwise.args } : {}),
  };
}

/** True when the result depends on the operands only: it may be removed, moved and shared. */
export function isPure(instruction: IrInstruction): boolean {
  switch (instruction.kind) {
    case 'constant':
    case 'parameter':
    case 'binary':
    case 'relocated':
    case 'extend':
    case 'bswap':
    case 'compare':
    case 'slot-address':
    case 'map-address':
    case 'map-value-address':
    case 'symbol-address':
    case 'function-address':
      return true;
    default:
      return false;
  }
}

/** True when it may be removed once nobody wants its result. */
export function isRemovable(instruction: IrInstruction): boolean {
  if (instruction.kind === 'call-helper') return isStable(instruction);
  return isPure(instruction) || instruction.kind === 'load' || instruction.kind === 'get-local';
}

function mapList(list: readonly Operand[], map: OperandMap): readonly Operand[] {
  const mapped = list.map(map);
  return mapped.some((operand, index) => operand !== list[index]) ? mapped : list;
}
