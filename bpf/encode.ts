/**
 * Instructions -> bytes, in both byte orders. Labels are resolved here; maps, functions and kernel symbols stay holes
 * and are listed, for a linker or loader to fill.
 */
import type { ByteOrder } from './decode.ts';
import { CallKind, OPERAND_FIELDS, slotIndexes, WideKind } from './fields.ts';
import type { Instruction, Reference } from './instruction.ts';
import { type LabelOptions, resolveLabels } from './labels.ts';
import { type Opcode, opcodeOf } from './opcodes.ts';
import type { InstructionProblem } from './problem.ts';

export interface EncodeOptions extends LabelOptions {
  readonly order?: ByteOrder;
  /** Write what stands in reserved fields instead of reporting it: for programs that are meant to be wrong. */
  readonly keepReserved?: boolean;
}

/** A hole: the slot whose immediate names something outside. */
export interface Hole {
  readonly slot: number;
  readonly ref: Reference;
}

export interface EncodeResult {
  /** Eight bytes a slot. Slots with problems hold what could be written. */
  readonly bytes: Uint8Array;
  readonly holes: readonly Hole[];
  /** Empty when the bytes are what was asked for. */
  readonly problems: readonly InstructionProblem[];
}

/** Encodes one function, or a whole linked program. Never throws. */
export function encodeInstructions(
  instructions: readonly Instruction[],
  options: EncodeOptions = {},
): EncodeResult {
  const resolved = resolveLabels(instructions, options);
  const problems: InstructionProblem[] = [...resolved.problems];
  const holes: Hole[] = [];
  const slots = slotIndexes(instructions);
  const bytes = new Uint8Array(slots[slots.length - 1]! * 8);
  const view = new DataView(bytes.buffer);

  for (const [index, instruction] of resolved.instructions.entries()) {
    const slot = slots[index]!;
    const row = opcodeOf(instruction.op);
    for (const problem of check(row, instruction, options.keepReserved === true)) {
      problems.push({ ...problem, slot, offset: slot * 8 });
    }
    const { ref } = instruction;
    if (ref !== undefined && ref.kind !== 'label') {
      if (!takes(instruction, ref)) {
        const message = `${instruction.op} takes no ${ref.kind} reference`;
        problems.push({ kind: 'reference', slot, offset: slot * 8, message });
      } else holes.push({ slot, ref });
    }
    write(view, slot, row, instruction, options.order ?? 'little');
  }
  problems.sort((a, b) => a.slot - b.slot);
  return { bytes, holes, problems };
}

function write(view: DataView, slot: number, row: Opcode, instruction: Instruction, order: ByteOrder): void {
  const little = order === 'little';
  const at = slot * 8;
  const dst = instruction.dst & 15;
  const src = sourceOf(instruction) & 15;
  view.setUint8(at, row.opcode);
  view.setUint8(at + 1, little ? (src << 4) | dst : (dst << 4) | src);
  view.setInt16(at + 2, row.fixedOff ?? instruction.off, little);
  view.setInt32(at + 4, row.fixedImm ?? instruction.imm, little);
  if (row.form === 'lddw') view.setInt32(at + 12, instruction.immHigh ?? 0, little);
}

/** The pseudo value a reference stands for, so that a constructor need not repeat it. */
function sourceOf(instruction: Instruction): number {
  const { ref, src } = instruction;
  if (ref === undefined || src !== 0) return src;
  switch (ref.kind) {
    case 'label':
      return src;
    case 'map':
      return WideKind.mapFd;
    case 'map-value':
      return WideKind.mapValue;
    case 'ksym':
      return WideKind.btfId;
    case 'kfunc':
      return CallKind.kfunc;
    case 'function':
      return instruction.op === 'call' ? CallKind.local : WideKind.func;
    default:
      return ref satisfies never;
  }
}

function takes(instruction: Instruction, ref: Reference): boolean {
  if (ref.kind === 'kfunc') return instruction.op === 'call';
  if (ref.kind === 'function') return instruction.op === 'call' || instruction.op === 'lddw';
  return instruction.op === 'lddw';
}

type Finding = Pick<InstructionProblem, 'kind' | 'message'>;

function* check(row: Opcode, instruction: Instruction, keepReserved: boolean): Generator<Finding> {
  const { dst, off, imm, immHigh } = instruction;
  const src = sourceOf(instruction);
  for (const register of [dst, src]) {
    if (!isWithin(register, 0, 10)) yield { kind: 'register', message: `no register r${register}` };
  }
  if (!isWithin(off, -0x8000, 0x7fff)) yield { kind: 'range', message: `off ${off} is beyond 16 bits` };
  if (!isWithin(imm, -0x8000_0000, 0x7fff_ffff))
    yield { kind: 'range', message: `imm ${imm} is beyond 32 bits` };
  if (immHigh !== undefined && !isWithin(immHigh, -0x8000_0000, 0x7fff_ffff)) {
    yield { kind: 'range', message: `immHigh ${immHigh} is beyond 32 bits` };
  }
  if (immHigh !== undefined && row.form !== 'lddw') {
    yield { kind: 'wide', message: `${row.name} has no high immediate` };
  }
  if (!keepReserved) yield* reserved(row, instruction, src);
}

function* reserved(row: Opcode, { dst, off, imm }: Instruction, src: number): Generator<Finding> {
  const uses = OPERAND_FIELDS[row.form];
  const field = (name: string, value: number): Finding => ({
    kind: 'reserved-field',
    message: `${row.name} uses reserved field ${name} (${value})`,
  });
  if (!uses.dst && dst !== 0) yield field('dst', dst);
  if (!uses.src && src !== 0) yield field('src', src);
  if (!uses.off && off !== 0) yield field('off', off);
  if (!uses.imm && imm !== 0) yield field('imm', imm);
  if (row.form === 'call' && src !== CallKind.kfunc && off !== 0) yield field('off', off);
  if (row.form === 'call' && src > CallKind.kfunc) yield field('src', src);
  if (row.form === 'lddw' && src > WideKind.mapIdxValue) yield field('src', src);
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
