/** What each computing instruction means, written on BigInt and independent of the interpreter: its judge in tests. */
import type { Opcode } from '../../bpf/opcodes.ts';

const u = (value: bigint, bits: number): bigint => BigInt.asUintN(bits, value);
const s = (value: bigint, bits: number): bigint => BigInt.asIntN(bits, value);

/** The number rD holds after `row` on dividend `a` and operand `b` (both unsigned 64 bits). */
export function compute(row: Opcode, a: bigint, b: bigint): bigint {
  const { bits } = row;
  const x = u(a, bits);
  const y = u(b, bits);
  const shift = y & BigInt(bits - 1);
  switch (row.operation) {
    case 'add':
      return u(x + y, bits);
    case 'sub':
      return u(x - y, bits);
    case 'mul':
      return u(x * y, bits);
    case 'div':
      return y === 0n ? 0n : x / y;
    case 'mod':
      return y === 0n ? x : x % y;
    case 'sdiv':
      return y === 0n ? 0n : u(s(x, bits) / s(y, bits), bits);
    case 'smod':
      return y === 0n ? x : u(s(x, bits) % s(y, bits), bits);
    case 'or':
      return x | y;
    case 'and':
      return x & y;
    case 'xor':
      return x ^ y;
    case 'mov':
      return y;
    case 'lsh':
      return u(x << shift, bits);
    case 'rsh':
      return x >> shift;
    case 'arsh':
      return u(s(x, bits) >> shift, bits);
    case 'neg':
      return u(-x, bits);
    case 'movsx':
      return u(s(b, row.bytes * 8), bits);
    case 'le':
      return u(a, row.bytes * 8);
    case 'be':
    case 'bswap':
      return swap(a, row.bytes);
    default:
      throw new Error(`${row.name} computes nothing`);
  }
}

/** Whether the jump is taken. */
export function taken(row: Opcode, a: bigint, b: bigint): boolean {
  const { bits } = row;
  const [x, y, sx, sy] = [u(a, bits), u(b, bits), s(a, bits), s(b, bits)];
  switch (row.operation) {
    case 'jeq':
      return x === y;
    case 'jne':
      return x !== y;
    case 'jgt':
      return x > y;
    case 'jge':
      return x >= y;
    case 'jlt':
      return x < y;
    case 'jle':
      return x <= y;
    case 'jset':
      return (x & y) !== 0n;
    case 'jsgt':
      return sx > sy;
    case 'jsge':
      return sx >= sy;
    case 'jslt':
      return sx < sy;
    case 'jsle':
      return sx <= sy;
    default:
      throw new Error(`${row.name} is no conditional jump`);
  }
}

function swap(value: bigint, bytes: number): bigint {
  let result = 0n;
  for (let i = 0; i < bytes; i++) result = (result << 8n) | ((value >> BigInt(i * 8)) & 0xffn);
  return result;
}

/** Numbers at which arithmetic goes wrong. */
export const EDGES: readonly bigint[] = [
  0n,
  1n,
  2n,
  31n,
  32n,
  63n,
  64n,
  0x7fffn,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0001n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_0000_0000n,
  0xffff_ffff_8000_0000n,
  0xffff_ffff_ffff_fffen,
  0xffff_ffff_ffff_ffffn,
  0x0123_4567_89ab_cdefn,
  0xfedc_ba98_7654_3210n,
];
