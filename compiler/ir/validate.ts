/** Checks that IR is well formed. What it finds is a bug of the pass before, told by block and instruction. */
import { type Dominators, dominators, type FlowGraph, flowGraph } from './cfg.ts';
import type { Block, BlockId, IrFunction, IrInstruction, Operand, Terminator, Value } from './ir.ts';
import { definedBy, edgesOf, isValue, operandsOf, terminatorOperands } from './operands.ts';

interface Place {
  readonly block: BlockId;
  /** -1 for block parameters. */
  readonly index: number;
}

/** One line a fault; empty when all is well. */
export function validate(fn: IrFunction): readonly string[] {
  return new Validator(fn).run();
}

class Validator {
  private readonly fn: IrFunction;
  private readonly graph: FlowGraph;
  private readonly tree: Dominators;
  private readonly places = new Map<Value, Place>();
  private readonly problems: string[] = [];

  constructor(fn: IrFunction) {
    this.fn = fn;
    this.graph = flowGraph(fn.blocks);
    this.tree = dominators(this.graph);
  }

  run(): readonly string[] {
    for (const block of this.fn.blocks) this.collect(block);
    for (const block of this.fn.blocks) {
      if (this.graph.position[block.id] === -1) this.fault(block.id, -1, 'is unreachable');
      else this.checkBlock(block);
    }
    return this.problems;
  }

  private fault(block: BlockId, index: number, text: string): void {
    this.problems.push(`${this.fn.name}: b${block}${index < 0 ? '' : `[${index}]`}: ${text}`);
  }

  private collect(block: Block): void {
    const define = (value: Value, index: number): void => {
      if (this.places.has(value)) this.fault(block.id, index, `%${value} is defined twice`);
      if (this.fn.values[value] === undefined) this.fault(block.id, index, `%${value} has no entry`);
      this.places.set(value, { block: block.id, index });
    };
    for (const parameter of block.parameters) define(parameter, -1);
    block.instructions.forEach((one, index) => {
      const dst = definedBy(one);
      if (dst !== undefined) define(dst, index);
    });
  }

  private checkBlock(block: Block): void {
    block.instructions.forEach((one, index) => {
      for (const operand of operandsOf(one)) this.checkUse(operand, block.id, index);
      this.checkInstruction(one, block.id, index);
    });
    const end = block.instructions.length;
    for (const operand of terminatorOperands(block.terminator)) this.checkUse(operand, block.id, end);
    this.checkEdges(block.terminator, block.id);
    this.checkNullTest(block.terminator, block.id);
  }

  private checkUse(operand: Operand, block: BlockId, index: number): void {
    if (!isValue(operand)) return;
    const place = this.places.get(operand);
    if (place === undefined) this.fault(block, index, `%${operand} is not defined`);
    else if (place.block === block) {
      if (place.index >= index) this.fault(block, index, `%${operand} is used before its definition`);
    } else if (!this.dominates(place.block, block)) {
      this.fault(block, index, `%${operand} of b${place.block} does not reach here on every path`);
    }
  }

  private dominates(upper: BlockId, lower: BlockId): boolean {
    let block = lower;
    while (this.graph.position[block]! > this.graph.position[upper]!) block = this.tree.parent[block]!;
    return block === upper;
  }

  private checkInstruction(one: IrInstruction, block: BlockId, index: number): void {
    switch (one.kind) {
      case 'parameter':
        if (block !== 0) this.fault(block, index, 'parameters belong into the entry block');
        if (one.index >= this.fn.parameterCount)
          this.fault(block, index, `there is no parameter ${one.index}`);
        return;
      case 'get-local':
      case 'set-local':
        if (this.fn.locals[one.local] === undefined)
          this.fault(block, index, `there is no local ${one.local}`);
        return;
      case 'slot-address':
        if (this.fn.slots[one.slot] === undefined) this.fault(block, index, `there is no slot ${one.slot}`);
        return;
      case 'load':
      case 'store':
      case 'zero':
      case 'store-bytes':
      case 'atomic':
        this.checkAddress(one.base, block, index);
        return;
      case 'copy':
        this.checkAddress(one.to, block, index);
        this.checkAddress(one.from, block, index);
        return;
      case 'call-helper':
      case 'call-function':
        if (one.args.length > 5) this.fault(block, index, 'calls take at most 5 arguments');
        return;
      case 'binary':
        if (one.bits === 32) this.checkScalars([one.left, one.right], block, index);
        return;
      default:
    }
  }

  private checkAddress(base: Value, block: BlockId, index: number): void {
    const kind = this.fn.values[base]?.kind;
    // `map-value-or-null` is an address after its null test, which only the verifier follows.
    if (kind === 'scalar' || kind === 'map' || kind === 'function') {
      this.fault(block, index, `%${base} is a ${kind}, not an address`);
    }
  }

  private checkScalars(operands: readonly Operand[], block: BlockId, index: number): void {
    for (const operand of operands) {
      if (isValue(operand) && this.fn.values[operand]?.kind !== 'scalar') {
        this.fault(block, index, `32-bit arithmetic on the pointer %${operand}`);
      }
    }
  }

  private checkEdges(terminator: Terminator, block: BlockId): void {
    for (const { target, args } of edgesOf(terminator)) {
      const next = this.fn.blocks[target];
      if (next === undefined) this.fault(block, -1, `goes to b${target}, which is not there`);
      else if (next.parameters.length !== args.length) {
        this.fault(
          block,
          -1,
          `gives b${target} ${args.length} arguments instead of ${next.parameters.length}`,
        );
      }
    }
  }

  private checkNullTest(terminator: Terminator, block: BlockId): void {
    if (terminator.kind !== 'branch') return;
    const { left, right, op, bits } = terminator;
    if (!isValue(left) || this.fn.values[left]?.kind !== 'map-value-or-null') return;
    const isNull = !isValue(right) && right.constant === 0n;
    if (!isNull || bits !== 64 || (op !== 'eq' && op !== 'ne')) {
      this.fault(block, -1, `%${left} may only be compared with null`);
    }
  }
}
