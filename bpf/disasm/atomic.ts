/** Text of atomic operations, where the two styles differ most. */
import type { Instruction } from '../instruction.ts';
import type { Opcode } from '../opcodes.ts';
import type { DisasmStyle, Notation } from './notation.ts';

const LOCK_SIGNS: Readonly<Record<string, string>> = { add: '+=', or: '|=', and: '&=', xor: '^=' };

/** Text of a row whose form is one of the atomic ones. */
export function atomicText(
  instruction: Instruction,
  row: Opcode,
  style: DisasmStyle,
  notation: Notation,
  wideRegisters: boolean,
): string {
  const { dst, src, off } = instruction;
  const bits = row.bytes * 8;
  const place = (base: number): string => `(u${bits} *)(r${base}${notation.offset(off)})`;
  switch (row.form) {
    case 'atomic': {
      // Of the old instructions llvm-objdump knows add alone with full registers.
      const full = row.bytes === 8 || style === 'kernel' || (row.operation === 'add' && wideRegisters);
      return `lock *${place(dst)} ${LOCK_SIGNS[row.operation]} ${full ? 'r' : 'w'}${src}`;
    }
    case 'load_acquire':
      return `${ordered(dst, row, style)} = load_acquire(${place(src)})`;
    case 'store_release':
      return `store_release(${place(dst)}, ${ordered(src, row, style)})`;
    default:
      return style === 'kernel'
        ? kernelFetch(instruction, row, place(dst))
        : llvmFetch(instruction, row, notation);
  }
}

function ordered(register: number, row: Opcode, style: DisasmStyle): string {
  return style === 'kernel' || row.bytes === 8 ? `r${register}` : `w${register}`;
}

function kernelFetch({ src }: Instruction, row: Opcode, place: string): string {
  const name = row.bytes === 8 ? 'atomic64' : 'atomic';
  if (row.operation === 'cmpxchg') return `r0 = ${name}_cmpxchg(${place}, r0, r${src})`;
  if (row.operation === 'xchg') return `r${src} = ${name}_xchg(${place}, r${src})`;
  return `r${src} = ${name}_fetch_${row.operation}(${place}, r${src})`;
}

function llvmFetch({ dst, src, off }: Instruction, row: Opcode, notation: Notation): string {
  const [r, suffix] = row.bytes === 8 ? ['r', '_64'] : ['w', '32_32'];
  const bare = `r${dst}${notation.offset(off)}`;
  if (row.operation === 'cmpxchg') return `${r}0 = cmpxchg${suffix}(${bare}, ${r}0, ${r}${src})`;
  if (row.operation === 'xchg') return `${r}${src} = xchg${suffix}(${bare}, ${r}${src})`;
  return `${r}${src} = atomic_fetch_${row.operation}((u${row.bytes * 8} *)(${bare}), ${r}${src})`;
}
