/** Puts a resolved value into its instruction (libbpf `bpf_core_patch_insn`). */
import type { Btf } from '../btf/btf.ts';
import type { BtfType } from '../btf/type.ts';
import { WideKind } from '../fields.ts';
import type { Instruction } from '../instruction.ts';
import { OPCODES, type Opcode, type OpName, opcodeOf } from '../opcodes.ts';
import { CoreError } from './error.ts';
import type { Resolution } from './resolve.ts';
import type { CoreValue } from './value.ts';

/** The helper of a call that stands where a relocation failed: 0xbad2310, "bad relo". No kernel has it. */
export const BAD_RELOCATION = 0xbad2310;

export type Patch =
  | {
      readonly kind: 'patched';
      readonly instruction: Instruction;
      readonly operand: 'imm' | 'imm64' | 'off';
      /** What the instruction held, 64 bits, unsigned. */
      readonly old: bigint;
      readonly value: bigint;
      /** Bytes loaded or stored, where the field's size differs. */
      readonly memory?: { readonly old: number; readonly value: number };
    }
  /** It must not run. `missing`: the target has no such thing; `size`: it has one that this load would read wrongly. */
  | { readonly kind: 'poisoned'; readonly reason: 'missing' | 'size' };

/** Bytes a class of instructions accesses memory at `off` with: LDX, ST, STX and what the latter hide. */
const MEMORY_FORMS: ReadonlySet<string> = new Set<Opcode['form']>([
  'ldx',
  'ldsx',
  'st',
  'stx',
  'atomic',
  'atomic_fetch',
  'cmpxchg',
  'load_acquire',
  'store_release',
]);

/** @throws CoreError when the instruction is none a relocation fits or does not hold what the local types say */
export function patch(instruction: Instruction, resolution: Resolution): Patch {
  const { localValue, value } = resolution;
  if (value === undefined) return { kind: 'poisoned', reason: 'missing' };
  const { form } = opcodeOf(instruction.op);
  if (form === 'alu_k') return patchImmediate(instruction, localValue, value);
  if (form === 'lddw') return patchWide(instruction, resolution, value);
  if (MEMORY_FORMS.has(form)) return patchMemory(instruction, resolution, value);
  throw new CoreError(`${instruction.op} holds nothing that can be relocated`);
}

/** What takes the place of a poisoned instruction: one invalid call a slot. */
export function poison({ op, label, span }: Instruction): readonly Instruction[] {
  const call: Instruction = {
    op: 'call',
    dst: 0,
    src: 0,
    off: 0,
    imm: BAD_RELOCATION,
    ...(span === undefined ? {} : { span }),
  };
  const first = label === undefined ? call : { ...call, label };
  return op === 'lddw' ? [first, call] : [first];
}

function patchImmediate(instruction: Instruction, localValue: CoreValue, { value }: CoreValue): Patch {
  const { op, imm } = instruction;
  check(localValue, BigInt(imm), op);
  const fits = value === extended(value) || (opcodeOf(op).bits === 32 && value === BigInt.asUintN(32, value));
  if (!fits) throw new CoreError(`${BigInt.asIntN(64, value)} does not fit the 32-bit immediate of ${op}`);
  return {
    kind: 'patched',
    instruction: { ...relocated(instruction), imm: Number(BigInt.asIntN(32, value)) },
    operand: 'imm',
    old: BigInt.asUintN(64, BigInt(imm)),
    value,
  };
}

function patchWide(instruction: Instruction, resolution: Resolution, target: CoreValue): Patch {
  const { src, off, imm, immHigh = 0, ref } = instruction;
  if (src !== WideKind.value || off !== 0 || ref !== undefined) {
    throw new CoreError('lddw loads an address, not a number that can be relocated');
  }
  const old = (BigInt.asUintN(32, BigInt(immHigh)) << 32n) | BigInt.asUintN(32, BigInt(imm));
  let { value } = target;
  // An unsigned enumerator past 31 bits: its 32-bit value was extended with zeros by the compiler, so is the target's.
  const unsigned = resolution.local.kind === 'enumval_value' && old !== resolution.localValue.value;
  if (unsigned && old === BigInt.asUintN(32, resolution.localValue.value)) value = BigInt.asUintN(32, value);
  else check(resolution.localValue, old, 'lddw');
  return {
    kind: 'patched',
    instruction: {
      ...relocated(instruction),
      imm: Number(BigInt.asIntN(32, value)),
      immHigh: Number(BigInt.asIntN(32, value >> 32n)),
    },
    operand: 'imm64',
    old,
    value,
  };
}

function patchMemory(instruction: Instruction, resolution: Resolution, { value }: CoreValue): Patch {
  const { op, off } = instruction;
  check(resolution.localValue, BigInt(off), op);
  if (value > 0x7fffn) throw new CoreError(`${value} does not fit the 16-bit offset of ${op}`);
  const sizes = memorySizes(resolution);
  if (sizes === 'unsafe') return { kind: 'poisoned', reason: 'size' };
  const moved: Instruction = { ...relocated(instruction), off: Number(value) };
  const old = BigInt.asUintN(64, BigInt(off));
  if (sizes === undefined) return { kind: 'patched', instruction: moved, operand: 'off', old, value };
  return {
    kind: 'patched',
    instruction: { ...moved, op: resized(op, sizes.old, sizes.value) },
    operand: 'off',
    old,
    value,
    memory: sizes,
  };
}

type Sizes = { readonly old: number; readonly value: number };

/** Undefined where they are equal; `unsafe` where a load of another size would give another value. */
function memorySizes({ local, localValue, target, value }: Resolution): Sizes | 'unsafe' | undefined {
  const old = localValue.memory;
  const now = value?.memory;
  const oldSize = old?.size ?? 0;
  const size = now?.size ?? 0;
  if (oldSize === size) return undefined;
  if (old === undefined || now === undefined || target === undefined) return 'unsafe';
  if (!zeroExtends(local.btf, old.type, target.btf, now.type)) return 'unsafe';
  return { old: oldSize, value: size };
}

/** A shorter or longer load gives the same number: of pointers and of unsigned integers. */
function zeroExtends(local: Btf, localId: number, target: Btf, targetId: number): boolean {
  const ours = local.type(localId);
  const theirs = target.type(targetId);
  if (ours.kind === 'ptr' && theirs.kind === 'ptr') return true;
  return isUnsigned(ours) && isUnsigned(theirs);
}

function isUnsigned(type: BtfType): boolean {
  return type.kind === 'int' && !type.signed;
}

function resized(op: OpName, from: number, to: number): OpName {
  const row = opcodeOf(op);
  if (row.bytes !== from) throw new CoreError(`${op} accesses ${row.bytes} bytes of a field of ${from}`);
  const other = OPCODES.find(
    (one) => one.form === row.form && one.operation === row.operation && one.bytes === to,
  );
  if (other === undefined)
    throw new CoreError(`there is no ${op} of ${to} bytes, which the field has in the target`);
  return other.name;
}

/** `held` as the 64 bits the instruction uses. */
function check({ checked, value }: CoreValue, held: bigint, op: OpName): void {
  if (!checked || BigInt.asUintN(64, held) === value) return;
  throw new CoreError(`${op} holds ${held}, not the ${value} of its own types`);
}

/** Sign-extended from 32 bits, as 64 unsigned ones. */
function extended(value: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(32, value));
}

function relocated(instruction: Instruction): Instruction {
  const { core: _, ...rest } = instruction;
  return rest;
}
