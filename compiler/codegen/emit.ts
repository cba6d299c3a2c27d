/** Writes allocated machine code as BPF instructions: one list, labels where jumps go, places in the frame filled in. */
import type { Instruction, Register } from '../../bpf/instruction.ts';
import type { OpName } from '../../bpf/opcodes.ts';
import type { Span } from '../../bpf/span.ts';
import { blockOrder } from './block-order.ts';
import { widenJumps } from './far-jumps.ts';
import type { FrameLayout } from './frame.ts';
import {
  FRAME_POINTER,
  type JumpName,
  type MachineFunction,
  type MachineInstruction,
  type MachineTerminator,
  type Operation,
  type Test,
  targetsOf,
} from './machine.ts';
import type { CodegenTarget } from './target.ts';

const ZERO = { dst: 0, src: 0, off: 0, imm: 0 } as const;

/** Jumps name labels; only the skip inside a comparison kept as a value is a distance. */
export function emit(fn: MachineFunction, frame: FrameLayout, target: CodegenTarget): readonly Instruction[] {
  const order = blockOrder(fn);
  const labels = labelBlocks(fn, order);
  const output: Instruction[] = [];
  const starts = new Map<string, number>();
  const isFar = farBlocks(fn, order);
  order.forEach((index, place) => {
    const block = fn.blocks[index]!;
    const label = labels.get(index);
    if (label !== undefined) starts.set(label, output.length);
    for (const instruction of block.instructions) emitInstruction(output, instruction, frame);
    const flow: Flow = { labels, next: order[place + 1], target, isFar: (to) => isFar(index, to) };
    emitTerminator(output, block.terminator, flow);
  });
  return widenJumps(placeLabels(output, starts), target);
}

/** Blocks that came out empty start where the next one does: their labels become one. */
function placeLabels(output: readonly Instruction[], starts: ReadonlyMap<string, number>): Instruction[] {
  const at = new Map<number, string>();
  for (const [label, index] of starts) if (!at.has(index)) at.set(index, label);
  return output.map((instruction, index) => {
    const label = at.get(index);
    const labelled = label === undefined ? instruction : { ...instruction, label };
    if (instruction.ref?.kind !== 'label') return labelled;
    return { ...labelled, ref: { kind: 'label', name: at.get(starts.get(instruction.ref.name)!)! } };
  });
}

function labelBlocks(fn: MachineFunction, order: readonly number[]): ReadonlyMap<number, string> {
  const targets = new Set<number>();
  for (const block of fn.blocks) for (const target of targetsOf(block.terminator)) targets.add(target);
  const labels = new Map<number, string>();
  for (const block of order) if (targets.has(block)) labels.set(block, `L${labels.size + 1}`);
  return labels;
}

function emitInstruction(output: Instruction[], instruction: MachineInstruction, frame: FrameLayout): void {
  const spanned = withSpan(instruction.span);
  switch (instruction.kind) {
    case 'move':
      output.push({
        ...ZERO,
        op: 'mov64_x',
        dst: real(instruction.dst),
        src: real(instruction.src),
        ...spanned,
      });
      return;
    case 'call': {
      const { function: name, imm } = instruction;
      if (name === undefined) output.push({ ...ZERO, op: 'call', imm, ...spanned });
      else output.push({ ...ZERO, op: 'call', src: 1, ref: { kind: 'function', name }, ...spanned });
      return;
    }
    case 'choose':
      output.push({ ...jump(instruction.test), off: 1, ...spanned });
      output.push({ ...ZERO, op: 'mov64_k', dst: real(instruction.dst), ...spanned });
      return;
    case 'op':
      emitOperation(output, instruction, frame);
      return;
  }
}

function emitOperation(output: Instruction[], operation: Operation, frame: FrameLayout): void {
  const { op, immHigh, ref, core } = operation;
  const place = operation.frame === undefined ? 0 : frame.offsets[operation.frame]!;
  const inImmediate = op === 'add64_k';
  const imm = operation.imm + (inImmediate ? place : 0);
  const dst = real(operation.dst);
  // Adding nothing is left out: it is what folded offsets leave behind.
  if (inImmediate && imm === 0 && core === undefined) return;
  output.push({
    op,
    dst,
    src: real(operation.src),
    off: operation.off + (inImmediate ? 0 : place),
    imm,
    ...(immHigh === undefined ? {} : { immHigh }),
    ...(ref === undefined ? {} : { ref }),
    ...(core === undefined ? {} : { core }),
    ...withSpan(operation.span),
  });
}

interface Flow {
  readonly labels: ReadonlyMap<number, string>;
  /** Block written after this one. */
  readonly next: number | undefined;
  readonly target: CodegenTarget;
  /** A conditional jump from here might not reach the block. */
  isFar(block: number): boolean;
}

/** Slots that 16-bit distances surely reach. */
const REACH = 0x7ff0;

/** Distances by an upper bound of every block's size. */
function farBlocks(fn: MachineFunction, order: readonly number[]): (from: number, to: number) => boolean {
  const starts = new Uint32Array(fn.blocks.length);
  let at = 0;
  for (const index of order) {
    starts[index] = at;
    for (const one of fn.blocks[index]!.instructions) at += one.kind === 'choose' ? 2 : slotsOf(one);
    at += 3;
  }
  if (at < REACH) return () => false;
  const sizes = (block: number): number => fn.blocks[block]!.instructions.length * 2 + 3;
  return (from, to) => Math.abs(starts[to]! - starts[from]!) + sizes(from) > REACH;
}

function slotsOf(one: MachineInstruction): number {
  return one.kind === 'op' && one.op === 'lddw' ? 2 : 1;
}

function emitTerminator(output: Instruction[], terminator: MachineTerminator, flow: Flow): void {
  const { labels, next, target } = flow;
  const spanned = withSpan(terminator.span);
  const to = (block: number): Pick<Instruction, 'ref'> => ({
    ref: { kind: 'label', name: labels.get(block)! },
  });
  switch (terminator.kind) {
    case 'exit':
      output.push({ ...ZERO, op: 'exit', ...spanned });
      return;
    case 'jump':
      if (terminator.target !== next)
        output.push({ ...ZERO, op: 'ja', ...to(terminator.target), ...spanned });
      return;
    case 'branch': {
      const { test, then, otherwise } = terminator;
      if (flow.isFar(then) || flow.isFar(otherwise)) {
        // Plain jumps have a form of 32 bits, which is chosen where it must be; conditional ones have not.
        output.push({ ...jump(test), off: 1, ...spanned });
        for (const arm of [otherwise, then]) output.push({ ...ZERO, op: 'ja', ...to(arm), ...spanned });
        return;
      }
      const inverse = invert(test, target);
      if (then === next && inverse !== undefined) {
        output.push({ ...jump(inverse), ...to(otherwise), ...spanned });
        return;
      }
      output.push({ ...jump(test), ...to(then), ...spanned });
      if (otherwise !== next) output.push({ ...ZERO, op: 'ja', ...to(otherwise), ...spanned });
    }
  }
}

function jump(test: Test): Instruction {
  if ('imm' in test.right) {
    return { ...ZERO, op: `${test.jump}_k` as OpName, dst: real(test.left), imm: test.right.imm };
  }
  return { ...ZERO, op: `${test.jump}_x` as OpName, dst: real(test.left), src: real(test.right.register) };
}

const INVERSE: Readonly<Partial<Record<JumpName, JumpName>>> = {
  jeq: 'jne',
  jne: 'jeq',
  jgt: 'jle',
  jle: 'jgt',
  jge: 'jlt',
  jlt: 'jge',
  jsgt: 'jsle',
  jsle: 'jsgt',
  jsge: 'jslt',
  jslt: 'jsge',
  jeq32: 'jne32',
  jne32: 'jeq32',
  jgt32: 'jle32',
  jle32: 'jgt32',
  jge32: 'jlt32',
  jlt32: 'jge32',
  jsgt32: 'jsle32',
  jsle32: 'jsgt32',
  jsge32: 'jslt32',
  jslt32: 'jsge32',
};

/** The opposite condition; `jset` has none, nor has what would need a less-than jump before level 2. */
function invert(test: Test, target: CodegenTarget): Test | undefined {
  const inverse = INVERSE[test.jump];
  if (inverse === undefined) return undefined;
  if (target.instructionSet < 2 && LESS_THAN.has(inverse)) return undefined;
  return { ...test, jump: inverse };
}

const LESS_THAN: ReadonlySet<JumpName> = new Set(['jlt', 'jle', 'jslt', 'jsle']);

function real(register: number): Register {
  if (register < 0 || register > FRAME_POINTER) throw new Error(`register ${register} was never allocated`);
  return register as Register;
}

function withSpan(span: Span | undefined): { readonly span?: Span } {
  return span === undefined ? {} : { span };
}
