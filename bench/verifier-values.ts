/**
 * How the verifier holds 64-bit numbers: as pairs of words, as loose words, as BigInt. Each makes an immutable record of four
 * bounds out of the one before, again and again, as states do: add and wrap, compare unsigned and signed, mask. Nanoseconds
 * a record, and what the transfer functions cost. (In one loop without records BigInt is as fast: it stays in a register.)
 */
import { computeScalar } from '../verifier/value/arithmetic.ts';
import { Int64 } from '../verifier/value/int64.ts';
import { refine } from '../verifier/value/refine.ts';
import { Scalar } from '../verifier/value/scalar.ts';
import { median } from './measure.ts';

const ROUNDS = 9;
const COUNT = 4096;
const REPEAT = 50;

interface Row {
  readonly name: string;
  readonly ns: number;
  /** BigInt's time as a multiple; absent for transfer functions. */
  readonly ratio?: number;
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const bigs = Array.from({ length: COUNT }, (_, i) =>
    BigInt.asUintN(64, BigInt(i) * 0x9e3779b97f4a7c15n ** 3n),
  );
  const pairs = bigs.map((value) => Int64.fromBigInt(value));
  const pair = time(() => upkeepOfPairs(pairs));
  const big = time(() => upkeepOfBigs(bigs));
  const rows: Row[] = [
    { name: 'pair of words', ns: pair / COUNT },
    { name: 'BigInt', ns: big / COUNT, ratio: big / pair },
    ...transfers().map(([name, one]) => ({ name, ns: time(() => repeated(one)) / COUNT })),
  ];
  if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else for (const row of rows) process.stdout.write(lineOf(row));
}

function lineOf({ name, ns, ratio }: Row): string {
  const times = ratio === undefined ? '' : ` ${ratio.toFixed(1)}x`;
  return `${name.padEnd(34)} ${ns.toFixed(0).padStart(6)} ns${times}\n`;
}

/** Nanoseconds of one call, the median of rounds. */
function time(work: () => number): number {
  work();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let i = 0; i < REPEAT; i++) work();
    return ((performance.now() - start) * 1e6) / REPEAT;
  });
  return median(rounds);
}

class Pairs {
  readonly umin: Int64;
  readonly umax: Int64;
  readonly smin: Int64;
  readonly smax: Int64;

  constructor(umin: Int64, umax: Int64, smin: Int64, smax: Int64) {
    this.umin = umin;
    this.umax = umax;
    this.smin = smin;
    this.smax = smax;
  }

  plus(number: Int64): Pairs {
    const umin = this.umin.add(number);
    const umax = this.umax.add(number);
    const wraps = umax.ult(umin);
    const masked = this.smax.xor(number);
    return new Pairs(
      wraps ? Int64.ZERO : umin,
      wraps ? Int64.U64_MAX : umax,
      Int64.minSigned(this.smin, masked),
      Int64.maxSigned(this.smax, masked),
    );
  }
}

class Bigs {
  readonly umin: bigint;
  readonly umax: bigint;
  readonly smin: bigint;
  readonly smax: bigint;

  constructor(umin: bigint, umax: bigint, smin: bigint, smax: bigint) {
    this.umin = umin;
    this.umax = umax;
    this.smin = smin;
    this.smax = smax;
  }

  plus(number: bigint): Bigs {
    const umin = BigInt.asUintN(64, this.umin + number);
    const umax = BigInt.asUintN(64, this.umax + number);
    const wraps = umax < umin;
    const masked = BigInt.asIntN(64, this.smax ^ number);
    return new Bigs(
      wraps ? 0n : umin,
      wraps ? (1n << 64n) - 1n : umax,
      masked < this.smin ? masked : this.smin,
      masked > this.smax ? masked : this.smax,
    );
  }
}

/** Many records live, as kept states do. */
function upkeepOfPairs(numbers: readonly Int64[]): number {
  let record = new Pairs(Int64.ZERO, Int64.ONE, Int64.S64_MAX, Int64.S64_MIN);
  const kept: Pairs[] = [];
  for (const one of numbers) {
    record = record.plus(one);
    kept.push(record);
  }
  return kept.length + record.umin.lo;
}

function upkeepOfBigs(numbers: readonly bigint[]): number {
  let record = new Bigs(0n, 1n, (1n << 63n) - 1n, -(1n << 63n));
  const kept: Bigs[] = [];
  for (const one of numbers) {
    record = record.plus(one);
    kept.push(record);
  }
  return kept.length + Number(BigInt.asIntN(32, record.umin));
}

function repeated(one: () => unknown): number {
  let done = 0;
  for (let i = 0; i < COUNT; i++) if (one() !== undefined) done++;
  return done;
}

function transfers(): readonly (readonly [string, () => unknown])[] {
  const any = Scalar.UNKNOWN;
  const byte = Scalar.zeroExtended(1);
  const word = Scalar.zeroExtended(4);
  const constant = Scalar.constant(37);
  return [
    ['constant + constant', () => computeScalar('add', 64, constant, constant)],
    ['byte + constant', () => computeScalar('add', 64, byte, constant)],
    ['any & constant', () => computeScalar('and', 64, any, constant)],
    ['any * constant', () => computeScalar('mul', 64, any, constant)],
    ['any < constant, one side', () => refine('jlt', 64, any, constant)],
    ['word s< constant, 32 bits, one side', () => refine('jslt', 32, word, constant)],
  ];
}
