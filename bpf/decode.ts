/**
 * Bytes -> instructions, in both byte orders. The bytes may be hostile: the work is one pass, nothing is thrown, and
 * whatever is odd is a problem with its slot and byte offset. Reserved bits stay in the instruction they were found in.
 */
import { CallKind, OPERAND_FIELDS, WideKind } from './fields.ts';
import type { Instruction, Register } from './instruction.ts';
import { OPCODES, type Opcode } from './opcodes.ts';
import type { InstructionProblem } from './problem.ts';

export type ByteOrder = 'little' | 'big';

/** One eight-byte slot as it stands. */
export interface RawSlot {
  readonly opcode: number;
  /** 0 ... 15: the wire has four bits. */
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;
}

export interface DecodeResult {
  /** Empty of what could not be named: unknown opcodes, registers above r10, halves of wide loads. */
  readonly instructions: readonly Instruction[];
  /** Slot index of each instruction. */
  readonly slots: readonly number[];
  /** Empty when the program is well formed. */
  readonly problems: readonly InstructionProblem[];
}

const SLOT_BYTES = 8;

const BY_BYTE: readonly (readonly Opcode[])[] = Array.from({ length: 256 }, (_, byte) =>
  OPCODES.filter((row) => row.opcode === byte),
);

/** Decodes a whole program. */
export function decodeInstructions(bytes: Uint8Array, order: ByteOrder = 'little'): DecodeResult {
  const instructions: Instruction[] = [];
  const slots: number[] = [];
  const problems: InstructionProblem[] = [];
  const count = Math.floor(bytes.length / SLOT_BYTES);
  const report = (kind: InstructionProblem['kind'], slot: number, message: string): void => {
    problems.push({ kind, slot, offset: slot * SLOT_BYTES, message });
  };

  for (let slot = 0; slot < count; slot++) {
    const at = slot;
    const raw = readSlot(bytes, slot, order);
    const row = findRow(raw);
    if (row === undefined) {
      report('unknown-opcode', at, unknownMessage(raw));
      continue;
    }
    let high: RawSlot | undefined;
    if (row.form === 'lddw') {
      if (slot + 1 >= count) {
        report('wide', at, 'lddw lacks its second slot');
        continue;
      }
      slot++;
      high = readSlot(bytes, slot, order);
    }
    const instruction = nameFields(row, raw, high);
    if (instruction === undefined) {
      report('register', at, `${row.name} names register r${Math.max(raw.dst, raw.src)}; the last is r10`);
      continue;
    }
    for (const message of reservedFields(row, raw, high)) report('reserved-field', at, message);
    instructions.push(instruction);
    slots.push(at);
  }
  if (bytes.length % SLOT_BYTES !== 0) {
    report('truncated', count, `${bytes.length % SLOT_BYTES} bytes after the last whole slot`);
  }
  return { instructions, slots, problems };
}

/** Reads slot number `slot`, which must lie within the bytes. */
export function readSlot(bytes: Uint8Array, slot: number, order: ByteOrder = 'little'): RawSlot {
  const view = new DataView(bytes.buffer, bytes.byteOffset + slot * SLOT_BYTES, SLOT_BYTES);
  const little = order === 'little';
  const registers = view.getUint8(1);
  // The register nibbles swap with the byte order, as C bit fields do (RFC 9669 section 3.1).
  const [dst, src] = little ? [registers & 15, registers >> 4] : [registers >> 4, registers & 15];
  return {
    opcode: view.getUint8(0),
    dst,
    src,
    off: view.getInt16(2, little),
    imm: view.getInt32(4, little),
  };
}

/** The row a slot means; undefined when no instruction has this opcode, or none with this `off` or `imm`. */
export function findRow(raw: RawSlot): Opcode | undefined {
  let plain: Opcode | undefined;
  for (const row of BY_BYTE[raw.opcode]!) {
    if (row.fixedOff === null && row.fixedImm === null) plain = row;
    else if (matches(row.fixedOff, raw.off) && matches(row.fixedImm, raw.imm)) return row;
  }
  return plain;
}

function matches(fixed: number | null, value: number): boolean {
  return fixed === null || fixed === value;
}

function nameFields(row: Opcode, raw: RawSlot, high: RawSlot | undefined): Instruction | undefined {
  if (raw.dst > 10 || raw.src > 10) return undefined;
  return {
    op: row.name,
    dst: raw.dst as Register,
    src: raw.src as Register,
    off: row.fixedOff === null ? raw.off : 0,
    imm: row.fixedImm === null ? raw.imm : 0,
    ...(high === undefined ? {} : { immHigh: high.imm }),
  };
}

function* reservedFields(row: Opcode, raw: RawSlot, high: RawSlot | undefined): Generator<string> {
  const uses = OPERAND_FIELDS[row.form];
  const { name } = row;
  if (!uses.dst && raw.dst !== 0) yield `${name} uses reserved field dst (${raw.dst})`;
  if (!uses.src && raw.src !== 0) yield `${name} uses reserved field src (${raw.src})`;
  if (!uses.off && row.fixedOff === null && raw.off !== 0)
    yield `${name} uses reserved field off (${raw.off})`;
  if (!uses.imm && row.fixedImm === null && raw.imm !== 0)
    yield `${name} uses reserved field imm (${raw.imm})`;
  if (row.form === 'call') {
    if (raw.src > CallKind.kfunc)
      yield `call of kind ${raw.src}; known are 0 helper, 1 local, 2 kernel function`;
    if (raw.src < CallKind.kfunc && raw.off !== 0) yield `call uses reserved field off (${raw.off})`;
  }
  if (row.form === 'lddw') {
    if (raw.src > WideKind.mapIdxValue) yield `lddw of kind ${raw.src}; the last known is 6`;
    if (high!.opcode !== 0 || high!.dst !== 0 || high!.src !== 0 || high!.off !== 0) {
      yield 'lddw uses reserved fields of its second slot';
    }
  }
}

function unknownMessage(raw: RawSlot): string {
  const byte = `0x${raw.opcode.toString(16).padStart(2, '0')}`;
  const rows = BY_BYTE[raw.opcode]!;
  if (rows.length === 0) return `unknown opcode ${byte}`;
  const field = rows.some((row) => row.fixedImm !== null) ? `imm ${raw.imm}` : `off ${raw.off}`;
  return `unknown opcode ${byte} with ${field}`;
}
