/**
 * Neighbouring constant writes through one pointer become one image of bytes, which selection writes in the widest
 * pieces. Only writes that follow each other directly are joined, so nothing can look in between.
 */
import type { AccessSize, Block, IrFunction, IrInstruction, Value } from '../ir/ir.ts';
import { isPure, isValue } from '../ir/operands.ts';

interface Write {
  readonly base: Value;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly align: AccessSize;
}

/** Byte order is the target's: multi-byte constants are laid out in it. */
export function combineStores(fn: IrFunction, endian: 'little' | 'big' = 'little'): IrFunction {
  const blocks = fn.blocks.map((block) => combineInBlock(block, endian));
  return { ...fn, blocks };
}

function combineInBlock(block: Block, endian: 'little' | 'big'): Block {
  if (!block.instructions.some((one, index) => index > 0 && constantWrite(one, endian) !== undefined))
    return block;
  const output: IrInstruction[] = [];
  let run: { readonly write: Write; readonly original: IrInstruction }[] = [];
  // Pure computations may stand between two writes: they go before the joined one.
  const flush = (): void => {
    for (const one of joinRun(run)) output.push(one);
    run = [];
  };
  for (const one of block.instructions) {
    const write = constantWrite(one, endian);
    if (write === undefined && isPure(one)) output.push(one);
    else if (write === undefined) {
      flush();
      output.push(one);
    } else {
      if (run.length > 0 && run[0]!.write.base !== write.base) flush();
      run.push({ write, original: one });
    }
  }
  flush();
  return { ...block, instructions: output };
}

function constantWrite(one: IrInstruction, endian: 'little' | 'big'): Write | undefined {
  switch (one.kind) {
    case 'zero':
      return { base: one.base, offset: one.offset, bytes: new Uint8Array(one.length), align: one.align };
    case 'store-bytes':
      return one;
    case 'store': {
      if (isValue(one.value)) return undefined;
      const bytes = new Uint8Array(one.size);
      const value = BigInt.asUintN(64, one.value.constant);
      for (let index = 0; index < one.size; index += 1) {
        const at = endian === 'little' ? index : one.size - 1 - index;
        bytes[at] = Number((value >> BigInt(8 * index)) & 0xffn);
      }
      return { base: one.base, offset: one.offset, bytes, align: one.size };
    }
    default:
      return undefined;
  }
}

/** Later writes win where they overlap; each stretch without holes becomes one instruction. */
function joinRun(
  run: readonly { readonly write: Write; readonly original: IrInstruction }[],
): IrInstruction[] {
  if (run.length < 2) return run.map(({ original }) => original);
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { write } of run) {
    start = Math.min(start, write.offset);
    end = Math.max(end, write.offset + write.bytes.length);
  }
  // A hole as large as this is two runs in truth; joining is only worth its bytes.
  if (end - start > 4096) return run.map(({ original }) => original);
  const image = new Uint8Array(end - start);
  const written = new Uint8Array(end - start);
  let best: Write = run[0]!.write;
  for (const { write } of run) {
    image.set(write.bytes, write.offset - start);
    written.fill(1, write.offset - start, write.offset - start + write.bytes.length);
    if (write.align > best.align) best = write;
  }
  const span = run[0]!.original.span;
  const output: IrInstruction[] = [];
  for (let from = 0; from < image.length; ) {
    if (written[from] === 0) {
      from += 1;
      continue;
    }
    let to = from;
    while (to < image.length && written[to] === 1) to += 1;
    output.push(...split(best, start + from, image.subarray(from, to), span));
    from = to;
  }
  return output;
}

/** Cut where alignment changes: up to the first boundary of the best known alignment, then the rest. */
function split(
  known: Write,
  offset: number,
  bytes: Uint8Array,
  span: IrInstruction['span'],
): IrInstruction[] {
  const spanned = span === undefined ? {} : { span };
  const output: IrInstruction[] = [];
  let at = 0;
  while (at < bytes.length) {
    const align = alignmentAt(known, offset + at);
    const length = align === known.align ? bytes.length - at : Math.min(align, bytes.length - at);
    const piece = bytes.slice(at, at + length);
    output.push({
      kind: 'store-bytes',
      base: known.base,
      offset: offset + at,
      bytes: piece,
      align,
      ...spanned,
    });
    at += length;
  }
  return output;
}

/** base + known.offset is a multiple of known.align; so is any place a multiple away. */
function alignmentAt(known: Write, offset: number): AccessSize {
  const distance = Math.abs(offset - known.offset);
  let align: AccessSize = known.align;
  while (distance % align !== 0) align = (align / 2) as AccessSize;
  return align;
}
