/** Selection of loads, stores and the block operations on memory, unrolled in the widest accesses alignment allows. */
import type { AccessSize, IrInstruction, Operand } from '../ir/ir.ts';
import type { Address, Emitter } from './emitter.ts';
import { fitsSigned32, low32 } from './immediates.ts';
import { extendInPlace } from './select-arithmetic.ts';

type Kind<K extends IrInstruction['kind']> = Extract<IrInstruction, { kind: K }>;

const BITS = { 1: 8, 2: 16, 4: 32, 8: 64 } as const;

export function selectLoad(emitter: Emitter, load: Kind<'load'>): void {
  const dst = emitter.registerOf(load.dst);
  const { register, offset, frame } = emitter.address(load.base, load.offset);
  const parts = { dst, src: register, off: offset, ...(frame === undefined ? {} : { frame }) };
  if (!load.signed || load.size === 8) {
    emitter.op(`ldx${BITS[load.size]}`, parts);
    return;
  }
  if (emitter.target.instructionSet >= 4) {
    emitter.op(`ldsx${BITS[load.size]}`, parts);
    return;
  }
  emitter.op(`ldx${BITS[load.size]}`, parts);
  extendInPlace(emitter, dst, BITS[load.size], true);
}

export function selectStore(emitter: Emitter, store: Kind<'store'>): void {
  storeAt(emitter, emitter.address(store.base, store.offset), store.size, store.value);
}

function storeAt(emitter: Emitter, address: Address, size: AccessSize, value: Operand): void {
  const { register, offset, frame } = address;
  const parts = { dst: register, off: offset, ...(frame === undefined ? {} : { frame }) };
  const constant = emitter.constantOf(value);
  if (constant !== undefined) {
    storeConstant(emitter, address, size, constant);
    return;
  }
  emitter.op(`stx${BITS[size]}`, { ...parts, src: emitter.use(value) });
}

function storeConstant(emitter: Emitter, address: Address, size: AccessSize, constant: bigint): void {
  const { register, offset, frame } = address;
  const parts = { dst: register, off: offset, ...(frame === undefined ? {} : { frame }) };
  const value = BigInt.asIntN(BITS[size], constant);
  if (fitsSigned32(value)) {
    emitter.op(`st${BITS[size]}`, { ...parts, imm: Number(value) });
    return;
  }
  // Two immediate stores cost what lddw and stx do, and no register.
  const little = (emitter.target.endian ?? 'little') === 'little';
  const [first, second] = little ? [value, value >> 32n] : [value >> 32n, value];
  emitter.op('st32', { ...parts, imm: low32(first) });
  emitter.op('st32', { ...parts, off: offset + 4, imm: low32(second) });
}

/** Accesses that cover `length` bytes from an address aligned to `align`. */
function* pieces(length: number, align: AccessSize): Generator<{ at: number; size: AccessSize }> {
  for (let at = 0; at < length; ) {
    let size: AccessSize = align;
    while (size > length - at) size = (size / 2) as AccessSize;
    yield { at, size };
    at += size;
  }
}

export function selectZero(emitter: Emitter, { base, offset, length, align }: Kind<'zero'>): void {
  const start = emitter.address(base, offset);
  for (const { at, size } of pieces(length, align)) {
    storeConstant(emitter, { ...start, offset: start.offset + at }, size, 0n);
  }
}

export function selectStoreBytes(
  emitter: Emitter,
  { base, offset, bytes, align }: Kind<'store-bytes'>,
): void {
  const start = emitter.address(base, offset);
  const little = (emitter.target.endian ?? 'little') === 'little';
  for (const { at, size } of pieces(bytes.length, align)) {
    let value = 0n;
    for (let index = 0; index < size; index += 1) {
      const byte = BigInt(bytes[at + (little ? size - 1 - index : index)]!);
      value = (value << 8n) | byte;
    }
    storeConstant(emitter, { ...start, offset: start.offset + at }, size, BigInt.asIntN(64, value));
  }
}

export function selectCopy(emitter: Emitter, copy: Kind<'copy'>): void {
  const to = emitter.address(copy.to, copy.toOffset);
  const from = emitter.address(copy.from, copy.fromOffset);
  for (const { at, size } of pieces(copy.length, copy.align)) {
    const word = emitter.temporary();
    const source = from.frame === undefined ? {} : { frame: from.frame };
    const target = to.frame === undefined ? {} : { frame: to.frame };
    emitter.op(`ldx${BITS[size]}`, { dst: word, src: from.register, off: from.offset + at, ...source });
    emitter.op(`stx${BITS[size]}`, { dst: to.register, src: word, off: to.offset + at, ...target });
  }
}

export function selectAtomic(emitter: Emitter, { op, base, offset, size, value }: Kind<'atomic'>): void {
  const { register, offset: off, frame } = emitter.address(base, offset);
  const src = emitter.use(value);
  emitter.op(`atomic_${op}${BITS[size] as 32 | 64}`, {
    dst: register,
    src,
    off,
    ...(frame === undefined ? {} : { frame }),
  });
}
