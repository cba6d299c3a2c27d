/** Ways to make the verifier know that a scalar is small, and ways to get that wrong. */
import { type Body, FP, scalar, UNKNOWN } from '../body.ts';
import { unknown } from './source.ts';

type Bounder = (b: Body, register: number, limit: number) => void;

/** A held register with a number of 0 ... `limit`. */
export function bounded(b: Body, limit: number): number {
  const { dice } = b;
  const register = dice.chance(0.6) ? b.scalarCopy() : unknown(b);
  if (b.values[register]!.limit <= limit && dice.chance(0.7)) return register;
  if (dice.wrong()) return register;
  const target = dice.wrong() ? limit + dice.of([1, 1, 2, 8, 100]) : limit;
  dice.of(BOUNDERS)(b, register, target);
  b.set(register, scalar(limit));
  return register;
}

function mask(b: Body, register: number, limit: number): void {
  b.mark('bound/mask');
  b.op(b.dice.chance(0.3) ? 'and32_k' : 'and64_k', register, 0, 0, powerMask(limit));
}

function maskRegister(b: Body, register: number, limit: number): void {
  b.mark('bound/mask register');
  const other = b.fresh();
  b.movK(other, powerMask(limit));
  b.op('and64_x', register, other);
}

function shift(b: Body, register: number, limit: number): void {
  b.mark('bound/shift');
  const bits = Math.floor(Math.log2(limit + 1));
  if (b.dice.chance(0.3)) b.op('rsh32_k', register, 0, 0, 32 - bits === 32 ? 31 : 32 - bits);
  else b.op('rsh64_k', register, 0, 0, 64 - bits === 64 ? 63 : 64 - bits);
  if (bits === 0) b.op('and64_k', register, 0, 0, 0);
}

function modulo(b: Body, register: number, limit: number): void {
  // Before 7.0 the verifier learns nothing from it.
  b.mark('bound/modulo');
  b.op(b.dice.chance(0.5) ? 'mod32_k' : 'mod64_k', register, 0, 0, limit + 1);
  if (!b.dice.wrong()) mask(b, register, limit);
}

function branch(b: Body, register: number, limit: number): void {
  b.mark('bound/branch');
  b.jump('jgt_k', register, 0, limit, b.giveUp());
}

function branchBelow(b: Body, register: number, limit: number): void {
  b.mark('bound/branch below');
  const fits = b.join();
  b.jump(b.dice.chance(0.5) ? 'jlt_k' : 'jle_k', register, 0, limit, fits);
  if (b.references === 0 && b.quiet === 0 && b.dice.chance(0.5)) {
    b.leave();
    b.arrive(fits, false);
    return;
  }
  b.goto(b.giveUp());
  b.arrive(fits, false);
}

function branchSigned(b: Body, register: number, limit: number): void {
  b.mark('bound/branch signed');
  const upper = (): void => b.jump('jsgt_k', register, 0, limit, b.giveUp());
  const lower = (): void => {
    if (!b.dice.wrong()) b.jump('jslt_k', register, 0, 0, b.giveUp());
  };
  if (b.dice.chance(0.5)) {
    upper();
    lower();
  } else {
    lower();
    upper();
  }
}

function branch32(b: Body, register: number, limit: number): void {
  b.mark('bound/branch 32');
  if (!b.dice.wrong()) b.op('mov32_x', register, register);
  const signed = b.dice.chance(0.3);
  b.jump(signed ? 'jsgt32_k' : 'jgt32_k', register, 0, limit, b.giveUp());
  if (signed && !b.dice.wrong()) b.jump('jslt32_k', register, 0, 0, b.giveUp());
}

function branchThenTruncate(b: Body, register: number, limit: number): void {
  b.mark('bound/branch 32 then truncate');
  b.jump('jgt32_k', register, 0, limit, b.giveUp());
  if (!b.dice.wrong()) b.op('mov32_x', register, register);
}

function branchRegister(b: Body, register: number, limit: number): void {
  b.mark('bound/branch register');
  const other = b.fresh();
  b.movK(other, limit);
  if (b.dice.chance(0.5)) b.jump('jgt_x', register, other, 0, b.giveUp());
  else b.jump('jlt_x', other, register, 0, b.giveUp());
}

function branchCopy(b: Body, register: number, limit: number): void {
  b.mark('bound/linked copy');
  const other = b.fresh();
  b.mov(other, register);
  b.jump('jgt_k', other, 0, limit, b.giveUp());
}

function branchCopyPlus(b: Body, register: number, limit: number): void {
  b.mark('bound/linked copy plus');
  const { dice } = b;
  // Only what cannot wrap keeps its link with the sum.
  if (!dice.wrong()) b.op('mov32_x', register, register);
  const other = b.fresh();
  const more = dice.between(1, 64) * (dice.chance(0.2) ? -1 : 1);
  b.mov(other, register);
  b.op('add64_k', other, 0, 0, more);
  if (more < 0) {
    b.jump('jsgt_k', other, 0, limit + more, b.giveUp());
    return;
  }
  b.jump('jgt_k', other, 0, limit + more, b.giveUp());
}

function branchSpilled(b: Body, register: number, limit: number): void {
  b.mark('bound/spilled copy');
  const off = b.stack(1);
  b.op('stx64', FP, register, off);
  b.jump('jgt_k', register, 0, limit, b.giveUp());
  b.op('ldx64', register, FP, off);
}

function branchSet(b: Body, register: number, limit: number): void {
  b.mark('bound/branch set');
  b.jump('jset_k', register, 0, ~powerMask(limit), b.giveUp());
}

function exactly(b: Body, register: number, limit: number): void {
  b.mark('bound/equal');
  const value = b.dice.below(limit + 1);
  const name = b.dice.chance(0.3) ? 'jne32_k' : 'jne_k';
  b.jump(name, register, 0, value, b.giveUp());
  if (name === 'jne32_k' && !b.dice.wrong()) b.op('mov32_x', register, register);
}

function smallLoad(b: Body, register: number, limit: number): void {
  b.mark('bound/narrow load');
  const off = b.stack(1);
  b.op('stx64', FP, register, off);
  b.op('ldx8', register, FP, off + b.dice.below(8));
  if (limit < 255) b.jump('jgt_k', register, 0, limit, b.giveUp());
}

function signShift(b: Body, register: number, limit: number): void {
  b.mark('bound/signed shift');
  const bits = Math.floor(Math.log2(limit + 1));
  if (bits < 2) {
    mask(b, register, limit);
    return;
  }
  const by = 64 - bits;
  b.op('lsh64_k', register, 0, 0, by);
  b.op('arsh64_k', register, 0, 0, by);
  // -2^(bits-1) ... 2^(bits-1) - 1 moved up.
  if (!b.dice.wrong()) b.op('add64_k', register, 0, 0, 2 ** (bits - 1));
}

function product(b: Body, register: number, limit: number): void {
  b.mark('bound/product');
  const factor = b.dice.of([1, 2, 3, 4, 8]);
  b.op('and64_k', register, 0, 0, powerMask(Math.floor(limit / factor)));
  b.op(b.dice.chance(0.5) ? 'mul64_k' : 'mul32_k', register, 0, 0, factor);
}

function sum(b: Body, register: number, limit: number): void {
  b.mark('bound/sum');
  const other = b.fresh();
  b.movK(other, b.dice.below(32));
  b.op('and64_k', register, 0, 0, powerMask(limit >> 1));
  b.op('and64_k', other, 0, 0, powerMask(limit >> 1));
  b.op(b.dice.chance(0.5) ? 'add64_x' : 'or64_x', register, other);
  b.set(other, UNKNOWN);
  if (powerMask(limit >> 1) * 2 > limit) b.jump('jgt_k', register, 0, limit, b.giveUp());
}

function narrowed(b: Body, register: number, limit: number): void {
  b.mark('bound/sign extension');
  b.op(b.dice.of(['movsx8_64', 'movsx16_64', 'movsx8_32', 'movsx32_64'] as const), register, register);
  branchSigned(b, register, limit);
}

/** The largest mask that lets nothing beyond `limit` through. */
function powerMask(limit: number): number {
  return 2 ** Math.floor(Math.log2(limit + 1)) - 1;
}

/** The plain ways are the frequent ones. */
const BOUNDERS: readonly Bounder[] = [
  mask,
  mask,
  mask,
  mask,
  maskRegister,
  shift,
  modulo,
  branch,
  branch,
  branch,
  branchBelow,
  branchBelow,
  branchSigned,
  branchSigned,
  branch32,
  branchThenTruncate,
  branchRegister,
  branchCopy,
  branchCopyPlus,
  branchSpilled,
  branchSet,
  exactly,
  smallLoad,
  signShift,
  product,
  sum,
  narrowed,
];
