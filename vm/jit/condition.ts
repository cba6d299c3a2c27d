/** Conditions of jumps (RFC 9669 section 4.3), as they are or negated. */
import type { Instruction } from '../../bpf/instruction.ts';
import { type Operation, opcodeOf } from '../../bpf/opcodes.ts';
import type { FunctionBuilder, Value } from '../wasm/builder.ts';
import { type BinaryOp, I32, I64 } from '../wasm/opcodes.ts';
import type { RegisterAccess } from './registers.ts';

/** The comparison of 64 bits, its opposite, and both of 32 bits. */
type Comparison = readonly [wide: BinaryOp, notWide: BinaryOp, narrow: BinaryOp, notNarrow: BinaryOp];

const COMPARISONS: Partial<Readonly<Record<Operation, Comparison>>> = {
  jeq: [I64.eq, I64.ne, I32.eq, I32.ne],
  jne: [I64.ne, I64.eq, I32.ne, I32.eq],
  jgt: [I64.gt_u, I64.le_u, I32.gt_u, I32.le_u],
  jge: [I64.ge_u, I64.lt_u, I32.ge_u, I32.lt_u],
  jlt: [I64.lt_u, I64.ge_u, I32.lt_u, I32.ge_u],
  jle: [I64.le_u, I64.gt_u, I32.le_u, I32.gt_u],
  jsgt: [I64.gt_s, I64.le_s, I32.gt_s, I32.le_s],
  jsge: [I64.ge_s, I64.lt_s, I32.ge_s, I32.lt_s],
  jslt: [I64.lt_s, I64.ge_s, I32.lt_s, I32.ge_s],
  jsle: [I64.le_s, I64.gt_s, I32.le_s, I32.gt_s],
};

/** Forms `jmp_k`, `jmp_x`: an i32. */
export function condition(
  f: FunctionBuilder,
  r: RegisterAccess,
  { op, dst, src, imm }: Instruction,
  negated: boolean,
): Value {
  const { operation, bits, form } = opcodeOf(op);
  const isWide = bits === 64;
  const operands = (): readonly [Value, Value] => {
    if (isWide) return [r.get(dst), form === 'jmp_k' ? f.i64(imm, imm >> 31) : r.get(src)];
    return [r.low(dst), form === 'jmp_k' ? f.i32(imm) : r.low(src)];
  };
  if (operation === 'jset') {
    const common = f.binary(isWide ? I64.and : I32.and, ...operands());
    if (negated) return f.unary(isWide ? I64.eqz : I32.eqz, common);
    return f.binary(isWide ? I64.ne : I32.ne, common, isWide ? f.i64(0, 0) : f.i32(0));
  }
  const comparison = COMPARISONS[operation]!;
  return f.binary(comparison[(isWide ? 0 : 2) + (negated ? 1 : 0)]!, ...operands());
}
