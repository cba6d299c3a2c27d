/** IR as text, for `--emit ir` and golden cases: `%n` values, `$name` locals, `&name` slots, `bN` blocks. */
import type { Block, IrFunction, IrInstruction, IrModule, Operand, Slot, Terminator, Value } from './ir.ts';
import { type Edge, edgesOf, isValue } from './operands.ts';

export function printModule(module: IrModule): string {
  return module.functions.map(printFunction).join('\n');
}

/** One line an instruction; blocks start at the left margin. Ends with a newline. */
export function printFunction(fn: IrFunction): string {
  const lines = [`function ${fn.name}(${fn.parameterCount})`];
  fn.slots.forEach((slot, index) => {
    lines.push(`  slot &${slot.name}.${index}: ${slot.size} bytes, align ${slot.align}`);
  });
  for (const block of fn.blocks) for (const line of printBlock(fn, block)) lines.push(line);
  return `${lines.join('\n')}\n`;
}

function printBlock(fn: IrFunction, block: Block): string[] {
  const parameters = block.parameters.map((value) => typed(fn, value)).join(', ');
  const head = block.parameters.length > 0 ? `b${block.id}(${parameters}):` : `b${block.id}:`;
  const body = block.instructions.map((one) => `  ${printInstruction(fn, one)}`);
  return [head, ...body, `  ${printTerminator(block.terminator)}`];
}

function printInstruction(fn: IrFunction, one: IrInstruction): string {
  const text = describe(fn, one);
  return 'dst' in one && one.dst !== undefined ? `${typed(fn, one.dst)} = ${text}` : text;
}

function typed(fn: IrFunction, value: Value): string {
  const { kind } = fn.values[value]!;
  return kind === 'scalar' ? `%${value}` : `%${value}: ${kind}`;
}

function operand(one: Operand): string {
  return isValue(one) ? `%${one}` : `${one.constant}`;
}

function place(base: Value, offset: number): string {
  if (offset === 0) return `[%${base}]`;
  return offset > 0 ? `[%${base} + ${offset}]` : `[%${base} - ${-offset}]`;
}

function slotName(fn: IrFunction, slot: Slot): string {
  return `&${fn.slots[slot]!.name}.${slot}`;
}

function list(operands: readonly Operand[]): string {
  return operands.map(operand).join(', ');
}

function describe(fn: IrFunction, one: IrInstruction): string {
  switch (one.kind) {
    case 'constant':
      return `${one.value}`;
    case 'parameter':
      return `parameter ${one.index}`;
    case 'binary':
    case 'compare':
      return `${one.op}${one.bits === 32 ? '32' : ''} ${operand(one.left)}, ${operand(one.right)}`;
    case 'relocated': {
      const left = one.left === undefined ? '' : `${operand(one.left)}, `;
      return `${one.op} ${left}${one.constant} (${one.core.kind} [${one.core.type}] ${one.core.access})`;
    }
    case 'extend':
      return `extend ${one.signed ? 's' : 'u'}${one.width} ${operand(one.value)}`;
    case 'bswap':
      return `bswap${one.width} ${operand(one.value)}`;
    case 'get-local':
      return `$${fn.locals[one.local]!.name}`;
    case 'set-local':
      return `$${fn.locals[one.local]!.name} = ${operand(one.value)}`;
    case 'load':
      return `load ${one.signed ? 's' : 'u'}${one.size * 8} ${place(one.base, one.offset)}`;
    case 'store':
      return `store u${one.size * 8} ${place(one.base, one.offset)}, ${operand(one.value)}`;
    case 'zero':
      return `zero ${place(one.base, one.offset)}, ${one.length} bytes, align ${one.align}`;
    case 'copy': {
      const from = place(one.from, one.fromOffset);
      return `copy ${place(one.to, one.toOffset)}, ${from}, ${one.length} bytes, align ${one.align}`;
    }
    case 'store-bytes':
      return `store-bytes ${place(one.base, one.offset)}, ${hex(one.bytes)}, align ${one.align}`;
    case 'slot-address':
      return slotName(fn, one.slot);
    case 'map-address':
      return `map ${one.map}`;
    case 'map-value-address':
      return `map-value ${one.map} + ${one.offset}`;
    case 'symbol-address':
      return `symbol ${one.symbol}`;
    case 'function-address':
      return `function ${one.function}`;
    case 'call-helper':
      return `call ${one.helper}(${list(one.args)})`;
    case 'call-function':
      return `call function ${one.function}(${list(one.args)})`;
    case 'atomic':
      return `atomic ${one.op} u${one.size * 8} ${place(one.base, one.offset)}, ${operand(one.value)}`;
  }
}

function hex(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function printTerminator(terminator: Terminator): string {
  const edges = edgesOf(terminator).map(printEdge);
  switch (terminator.kind) {
    case 'jump':
      return `jump ${edges[0]}`;
    case 'branch': {
      const { op, bits, left, right, unlikely } = terminator;
      const test = `${op}${bits === 32 ? '32' : ''} ${operand(left)}, ${operand(right)}`;
      const hint = unlikely === undefined ? '' : ` (${unlikely} is unlikely)`;
      return `branch ${test} ? ${edges[0]} : ${edges[1]}${hint}`;
    }
    case 'return':
      return `return ${operand(terminator.value)}`;
  }
}

function printEdge({ target, args }: Edge): string {
  return args.length > 0 ? `b${target}(${list(args)})` : `b${target}`;
}
