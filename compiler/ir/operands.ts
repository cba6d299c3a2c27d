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

/** The same object when nothing changed. */
export function mapTerminator(terminator: Terminator, map: OperandMap): Terminator {
  switch (terminator.kind) {
    case 'jump': {
      const args = terminator.args && mapList(terminator.args, map);
      return args === undefined || args === terminator.args ? terminator : { ...terminator, args };
    }
    case 'branch': {
      const { thenArgs, otherwiseArgs } = terminator;
      const left = map(terminator.left);
      const right = map(terminator.right);
      const then = thenArgs && mapList(thenArgs, map);
      const otherwise = otherwiseArgs && mapList(otherwiseArgs, map);
      const isSame =
        left === terminator.left &&
        right === terminator.right &&
        then === thenArgs &&
        otherwise === otherwiseArgs;
      if (isSame) return terminator;
      return {
        ...terminator,
        left,
        right,
        ...(then !== undefined && { thenArgs: then }),
        ...(otherwise !== undefined && { otherwiseArgs: otherwise }),
      };
    }
    case 'return': {
      const value = map(terminator.value);
      return value === terminator.value ? terminator : { ...terminator, value };
    }
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

/** The terminator with every edge replaced; the same object when each stays the same. */
export function mapEdges(terminator: Terminator, map: (edge: Edge) => Edge): Terminator {
  if (terminator.kind === 'return') return terminator;
  if (terminator.kind === 'jump') {
    const edge = map({ target: terminator.target, args: terminator.args ?? NO_ARGS });
    if (edge.target === terminator.target && edge.args === (terminator.args ?? NO_ARGS)) return terminator;
    const { span } = terminator;
    return {
      kind: 'jump',
      target: edge.target,
      ...(edge.args.length > 0 && { args: edge.args }),
      ...(span !== undefined && { span }),
    };
  }
  const { thenArgs = NO_ARGS, otherwiseArgs = NO_ARGS } = terminator;
  const then = map({ target: terminator.then, args: thenArgs });
  const otherwise = map({ target: terminator.otherwise, args: otherwiseArgs });
  const isSame =
    then.target === terminator.then &&
    then.args === thenArgs &&
    otherwise.target === terminator.otherwise &&
    otherwise.args === otherwiseArgs;
  return isSame ? terminator : withEdges(terminator, then, otherwise);
}

function withEdges(branch: Extract<Terminator, { kind: 'branch' }>, then: Edge, otherwise: Edge): Terminator {
  const { op, bits, left, right, unlikely, span } = branch;
  return {
    kind: 'branch',
    op,
    bits,
    left,
    right,
    // biome-ignore lint/suspicious/noThenProperty: the name of the arm, never awaited
    then: then.target,
    otherwise: otherwise.target,
    ...(then.args.length > 0 && { thenArgs: then.args }),
    ...(otherwise.args.length > 0 && { otherwiseArgs: otherwise.args }),
    ...(unlikely !== undefined && { unlikely }),
    ...(span !== undefined && { span }),
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

/** The same list when nothing changed. */
function mapList(list: readonly Operand[], map: OperandMap): readonly Operand[] {
  let mapped: Operand[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const operand = map(list[index]!);
    if (operand === list[index]) continue;
    mapped ??= [...list];
    mapped[index] = operand;
  }
  return mapped ?? list;
}
