/** Arithmetic of every operation and width on what is known and what is not. */
import type { OpName } from '../../../../bpf/opcodes.ts';
import { type Body, FP, OTHER, scalar, UNKNOWN } from '../body.ts';
import { bounded } from './bound.ts';
import { unknown } from './source.ts';
import type { Statement } from './statement.ts';

const OPERATIONS = ['add', 'sub', 'mul', 'or', 'and', 'xor', 'div', 'mod', 'lsh', 'rsh', 'arsh'] as const;
const IMMEDIATES = [
  0,
  1,
  2,
  3,
  7,
  8,
  15,
  16,
  31,
  32,
  63,
  64,
  127,
  128,
  255,
  256,
  1000,
  4095,
  65535,
  65536,
  0x7fff_ffff,
  -1,
  -2,
  -8,
  -256,
  -65536,
  -(2 ** 31),
] as const;

function alu(b: Body): void {
  const { dice } = b;
  const dst = b.scalarCopy();
  const count = dice.between(1, 4);
  for (let i = 0; i < count; i++) aluOnce(b, dst);
}

function aluOnce(b: Body, dst: number): void {
  const { dice } = b;
  const operation = dice.of(OPERATIONS);
  const bits = dice.chance(0.4) ? 32 : 64;
  const shifts = operation === 'lsh' || operation === 'rsh' || operation === 'arsh';
  const divides = operation === 'div' || operation === 'mod';
  if (dice.chance(0.55)) {
    let imm: number = dice.of(IMMEDIATES);
    if (shifts && !dice.wrong()) imm &= bits - 1;
    if (divides && imm === 0 && !dice.wrong()) imm = 3;
    b.op(`${operation}${bits}_k` as OpName, dst, 0, 0, imm);
  } else {
    const src = shifts && dice.chance(0.7) ? bounded(b, bits - 1) : b.scalar();
    b.op(`${operation}${bits}_x` as OpName, dst, src);
  }
  b.set(dst, bits === 32 ? scalar(0xffff_ffff) : UNKNOWN);
}

function constants(b: Body): void {
  const { dice } = b;
  const dst = b.fresh();
  switch (dice.below(4)) {
    case 0:
      b.op('mov32_k', dst, 0, 0, dice.of(IMMEDIATES));
      b.set(dst, scalar(0xffff_ffff));
      return;
    case 1:
      b.out.wide(dst, 0, dice.of(IMMEDIATES), dice.of([0, 1, -1, 0x7fff_ffff, -(2 ** 31)]));
      b.set(dst, UNKNOWN);
      return;
    default:
      b.movK(dst, dice.of(IMMEDIATES));
  }
}

function unary(b: Body): void {
  const { dice } = b;
  const dst = b.scalarCopy();
  b.op(
    dice.of([
      'neg64',
      'neg32',
      'be16',
      'be32',
      'be64',
      'le16',
      'le32',
      'le64',
      'bswap16',
      'bswap32',
      'bswap64',
    ] as const),
    dst,
  );
  b.set(dst, UNKNOWN);
}

function extend(b: Body): void {
  const src = b.scalar();
  const dst = b.fresh();
  b.op(
    b.dice.of(['movsx8_64', 'movsx16_64', 'movsx32_64', 'movsx8_32', 'movsx16_32', 'mov32_x'] as const),
    dst,
    src,
  );
  b.set(dst, UNKNOWN);
}

function signedDivision(b: Body): void {
  const { dice } = b;
  const dst = b.scalarCopy();
  const name = dice.of(['sdiv64', 'sdiv32', 'smod64', 'smod32'] as const);
  if (dice.chance(0.5))
    b.op(`${name}_k` as OpName, dst, 0, 0, dice.wrong() ? 0 : dice.of([1, -1, 2, -3, 10, 256]));
  else b.op(`${name}_x` as OpName, dst, b.scalar());
  b.set(dst, UNKNOWN);
}

/** Two ranges meet: sums, differences and products of bounded numbers stay bounded. */
function ranges(b: Body): void {
  const { dice } = b;
  const a = bounded(b, dice.of([3, 15, 100, 255, 1000, 65535]));
  const c = bounded(b, dice.of([3, 15, 100, 255]));
  const count = dice.between(1, 3);
  for (let i = 0; i < count; i++) {
    const bits = dice.chance(0.3) ? 32 : 64;
    b.op(
      `${dice.of(['add', 'sub', 'mul', 'or', 'and', 'xor', 'lsh', 'rsh'] as const)}${bits}_x` as OpName,
      a,
      c,
    );
  }
  b.set(a, UNKNOWN);
  if (dice.chance(0.5))
    b.jump(dice.of(['jsgt_k', 'jslt_k', 'jgt_k', 'jlt32_k'] as const), a, 0, dice.of(IMMEDIATES), b.giveUp());
  b.set(dice.chance(0.5) ? a : c, UNKNOWN);
}

/** Arithmetic with pointers that is not allowed, or is and leads nowhere. */
function pointers(b: Body): void {
  const { dice } = b;
  const p = b.fresh();
  b.stackAddress(p, -8 * dice.between(1, b.slots));
  if (dice.wrong()) {
    b.op(
      dice.of(['mul64_k', 'and64_k', 'add32_k', 'lsh64_k', 'neg64', 'xor64_k', 'be64'] as const),
      p,
      0,
      0,
      3,
    );
    return;
  }
  const q = b.fresh();
  b.stackAddress(q, -8);
  b.op('sub64_x', q, p);
  b.set(q, UNKNOWN);
  b.op('stx64', FP, q, b.stack(1));
  b.set(p, OTHER);
}

export const scalarStatements: readonly Statement[] = [
  { name: 'alu', weight: 26, quiet: true, write: alu },
  { name: 'alu/constant', weight: 8, quiet: true, write: constants },
  { name: 'alu/unary', weight: 6, quiet: true, write: unary },
  { name: 'alu/extend', weight: 6, quiet: true, write: extend },
  { name: 'alu/signed division', weight: 4, quiet: true, write: signedDivision },
  { name: 'alu/ranges', weight: 12, quiet: true, write: ranges },
  { name: 'alu/pointers', weight: 3, quiet: true, write: pointers },
  { name: 'alu/source', weight: 12, write: (b) => void unknown(b) },
];
