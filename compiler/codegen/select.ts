/**
 * Instruction selection: one IR function to machine code over virtual registers. Block parameters become copies at the
 * ends of edges; values that are cheap to make again (constants, addresses of slots and maps) are made at each use.
 */
import { helper } from '../../bpf/helpers/index.ts';
import type { Block, IrFunction, IrInstruction, Operand, Terminator } from '../ir/ir.ts';
import { type Edge, edgesOf, isValue, operandsOf, terminatorOperands } from '../ir/operands.ts';
import { slotPointers } from '../ir/slot-pointers.ts';
import { Emitter } from './emitter.ts';
import { fitsSigned32 } from './immediates.ts';
import type { MachineBlock, MachineFunction, MachineTerminator } from './machine.ts';
import { type Copy, sequentialise } from './parallel-copy.ts';
import { pruneBlocks } from './prune.ts';
import {
  type OperandFacts,
  selectBinary,
  selectCompare,
  selectExtend,
  selectRelocated,
  selectSwap,
} from './select-arithmetic.ts';
import {
  selectAtomic,
  selectCopy,
  selectLoad,
  selectStore,
  selectStoreBytes,
  selectZero,
} from './select-memory.ts';
import { selectTest } from './select-test.ts';
import type { CodegenTarget } from './target.ts';

/** `fn.blocks` must be reachable and in reverse postorder. */
export function select(fn: IrFunction, target: CodegenTarget): MachineFunction {
  const emitter = new Emitter(fn, target);
  defineRecipes(fn, emitter);
  const facts = operandFacts(fn);
  const pointers = slotPointers(fn);
  const blocks = new BlockList(fn.blocks.length);
  for (const block of fn.blocks) {
    emitter.instructions = [];
    for (const instruction of block.instructions) {
      emitter.span = instruction.span;
      const touched = pointers.touched(instruction);
      emitter.touches = touched.length > 0 ? touched : undefined;
      selectInstruction(emitter, instruction, facts);
    }
    emitter.touches = undefined;
    emitter.span = block.terminator.span;
    finishBlock(fn, emitter, block, blocks);
  }
  const frame = fn.slots.map((slot, index) => ({ ...slot, escapes: pointers.escaped.has(index as never) }));
  return pruneBlocks({ name: fn.name, blocks: blocks.list(), registerCount: emitter.registerCount, frame });
}

function selectInstruction(emitter: Emitter, instruction: IrInstruction, facts: OperandFacts): void {
  switch (instruction.kind) {
    case 'constant':
    case 'slot-address':
    case 'map-address':
    case 'map-value-address':
    case 'symbol-address':
    case 'function-address':
      return;
    case 'parameter':
      emitter.move(emitter.registerOf(instruction.dst), instruction.index + 1);
      return;
    case 'binary':
      if (emitter.recipeOf(instruction.dst) !== undefined) return;
      selectBinary(emitter, instruction, facts);
      return;
    case 'relocated':
      selectRelocated(emitter, instruction);
      return;
    case 'extend':
      selectExtend(emitter, instruction);
      return;
    case 'bswap':
      selectSwap(emitter, instruction);
      return;
    case 'compare':
      selectCompare(emitter, instruction);
      return;
    case 'get-local':
      emitter.move(emitter.registerOf(instruction.dst), emitter.localRegister(instruction.local));
      return;
    case 'set-local':
      emitter.into(emitter.localRegister(instruction.local), instruction.value);
      return;
    case 'load':
      selectLoad(emitter, instruction);
      return;
    case 'store':
      selectStore(emitter, instruction);
      return;
    case 'zero':
      selectZero(emitter, instruction);
      return;
    case 'copy':
      selectCopy(emitter, instruction);
      return;
    case 'store-bytes':
      selectStoreBytes(emitter, instruction);
      return;
    case 'call-helper':
    case 'call-function':
      selectCall(emitter, instruction);
      return;
    case 'atomic':
      selectAtomic(emitter, instruction);
      return;
  }
}

function selectCall(
  emitter: Emitter,
  call: Extract<IrInstruction, { kind: 'call-helper' | 'call-function' }>,
): void {
  for (const [index, arg] of call.args.entries()) emitter.into(index + 1, arg);
  const common = { span: emitter.span, touches: emitter.touches, args: call.args.length };
  if (call.kind === 'call-helper') emitter.push({ kind: 'call', imm: helper(call.helper).id, ...common });
  else emitter.push({ kind: 'call', imm: 0, function: call.function, ...common });
  if (call.dst !== undefined) emitter.move(emitter.registerOf(call.dst), 0);
}

/** Constants and addresses: needs no instruction of its own. */
function defineRecipes(fn: IrFunction, emitter: Emitter): void {
  for (const block of fn.blocks) for (const one of block.instructions) defineRecipe(emitter, one);
}

function defineRecipe(emitter: Emitter, one: IrInstruction): void {
  switch (one.kind) {
    case 'constant':
      emitter.define(one.dst, { kind: 'constant', value: one.value });
      return;
    case 'slot-address':
      emitter.define(one.dst, { kind: 'frame', object: one.slot, offset: 0 });
      return;
    case 'map-address':
      emitter.define(one.dst, { kind: 'wide', pseudo: 1, ref: { kind: 'map', name: one.map } });
      return;
    case 'map-value-address': {
      const ref = { kind: 'map-value', name: one.map, offset: one.offset } as const;
      emitter.define(one.dst, { kind: 'wide', pseudo: 2, ref });
      return;
    }
    case 'symbol-address':
      emitter.define(one.dst, { kind: 'wide', pseudo: 3, ref: { kind: 'ksym', name: one.symbol } });
      return;
    case 'function-address':
      emitter.define(one.dst, {
        kind: 'wide',
        pseudo: 4,
        ref: { kind: 'function', name: one.function },
      });
      return;
    case 'binary': {
      if (one.bits !== 64 || (one.op !== 'add' && one.op !== 'sub')) return;
      const left = emitter.recipeOf(one.left);
      const right = emitter.constantOf(one.right);
      if (left?.kind !== 'frame' || right === undefined || !fitsSigned32(right)) return;
      const step = one.op === 'add' ? Number(right) : -Number(right);
      emitter.define(one.dst, { ...left, offset: left.offset + step });
      return;
    }
    default:
  }
}

function operandFacts(fn: IrFunction): OperandFacts {
  const uses = new Uint32Array(fn.values.length);
  const parameters = new Map<Operand, Operand>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) count(uses, operandsOf(instruction));
    count(uses, terminatorOperands(block.terminator));
    for (const { target, args } of edgesOf(block.terminator)) {
      for (const [index, arg] of args.entries()) parameters.set(arg, fn.blocks[target]!.parameters[index]!);
    }
  }
  return {
    usesOf: (operand) => (isValue(operand) ? uses[operand]! : 0),
    becomes: (value) => parameters.get(value),
  };
}

function count(uses: Uint32Array, operands: readonly Operand[]): void {
  for (const operand of operands) if (isValue(operand)) uses[operand]! += 1;
}

/** Machine blocks in order; blocks of split edges follow the block they leave. Targets are IR ids until `list`. */
class BlockList {
  private readonly blocks: MachineBlock[] = [];
  private readonly positions: Int32Array;
  private nextEdge: number;

  constructor(irBlocks: number) {
    this.positions = new Int32Array(irBlocks);
    this.nextEdge = irBlocks;
  }

  add(id: number, block: MachineBlock): void {
    if (id < this.positions.length) this.positions[id] = this.blocks.length;
    this.blocks.push(block);
  }

  /** Id of the edge block that will be added `ahead` places after the block added next. */
  edgeId(ahead: number): number {
    return this.nextEdge + this.blocks.length + ahead;
  }

  list(): MachineBlock[] {
    const place = (id: number): number => (id < this.nextEdge ? this.positions[id]! : id - this.nextEdge);
    return this.blocks.map(({ instructions, terminator }) => ({
      instructions,
      terminator: retarget(terminator, place),
    }));
  }
}

function retarget(terminator: MachineTerminator, place: (id: number) => number): MachineTerminator {
  if (terminator.kind === 'exit') return terminator;
  if (terminator.kind === 'jump') return { ...terminator, target: place(terminator.target) };
  return {
    ...terminator,
    // biome-ignore lint/suspicious/noThenProperty: the name of the arm, never awaited
    then: place(terminator.then),
    otherwise: place(terminator.otherwise),
  };
}

function finishBlock(fn: IrFunction, emitter: Emitter, block: Block, blocks: BlockList): void {
  const terminator: Terminator = block.terminator;
  const span = terminator.span;
  if (terminator.kind === 'return') {
    emitter.into(0, terminator.value);
    blocks.add(block.id, { instructions: emitter.instructions, terminator: { kind: 'exit', span } });
    return;
  }
  if (terminator.kind === 'jump') {
    finishJump(fn, emitter, block, edgesOf(terminator)[0]!, blocks);
    return;
  }
  const test = selectTest(emitter, terminator);
  const [then, otherwise] = edgesOf(terminator) as [Edge, Edge];
  if (typeof test === 'boolean') {
    finishJump(fn, emitter, block, test ? then : otherwise, blocks);
    return;
  }
  const instructions = emitter.instructions;
  const splitThen = then.args.length > 0;
  const branch: MachineTerminator = {
    kind: 'branch',
    test,
    // biome-ignore lint/suspicious/noThenProperty: the name of the arm, never awaited
    then: splitThen ? blocks.edgeId(1) : then.target,
    otherwise: otherwise.args.length > 0 ? blocks.edgeId(splitThen ? 2 : 1) : otherwise.target,
    unlikely: terminator.unlikely,
    span,
  };
  blocks.add(block.id, { instructions, terminator: branch });
  for (const edge of [then, otherwise]) if (edge.args.length > 0) addEdge(fn, emitter, edge, blocks);
}

function finishJump(fn: IrFunction, emitter: Emitter, block: Block, edge: Edge, blocks: BlockList): void {
  copyArguments(fn, emitter, edge);
  const terminator = { kind: 'jump', target: edge.target, span: block.terminator.span } as const;
  blocks.add(block.id, { instructions: emitter.instructions, terminator });
}

function addEdge(fn: IrFunction, emitter: Emitter, edge: Edge, blocks: BlockList): void {
  emitter.instructions = [];
  copyArguments(fn, emitter, edge);
  const terminator = { kind: 'jump', target: edge.target, span: emitter.span } as const;
  blocks.add(Number.POSITIVE_INFINITY, { instructions: emitter.instructions, terminator });
}

function copyArguments(fn: IrFunction, emitter: Emitter, edge: Edge): void {
  const parameters = fn.blocks[edge.target]!.parameters;
  const copies: Copy[] = [];
  const made: number[] = [];
  edge.args.forEach((arg, index) => {
    const dst = emitter.registerOf(parameters[index]!);
    if (isValue(arg) && emitter.recipeOf(arg) === undefined)
      copies.push({ dst, src: emitter.registerOf(arg) });
    else made.push(index);
  });
  for (const { dst, src } of sequentialise(copies, () => emitter.temporary())) emitter.move(dst, src);
  // What is made from nothing reads no register, so it comes last.
  for (const index of made) emitter.into(emitter.registerOf(parameters[index]!), edge.args[index]!);
}
