/**
 * How long things take: log-normal around a median, with a rare heavy tail. Engines differ in `Math.exp` and `Math.log`
 * and a simulation must not, so the two tables here are made with + - * / alone, which IEEE 754 makes exact everywhere.
 */
import type { Random } from './random.ts';

export interface Latency {
  /** Nanoseconds. */
  readonly median: number;
  /** Sigma of the logarithm, in 1/256. */
  readonly spread: number;
  /** In how many of 65,536 cases `factor` times as long. */
  readonly tail?: { readonly chance: number; readonly factor: number };
}

const STEPS = 256;

/** 2^(i/256): 256 roots found by Newton's method, one multiplied by the next. */
const POWERS: Float64Array = makePowers();

/** -ln((i+1/2)/1024): what an exponential distribution draws. */
const EXPONENTIAL: Float64Array = makeExponential();

/** 1/ln 2 in 1/256 steps of log2: sigma of ln to sigma of log2. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: engines may differ in Math.LOG2E
const LOG2_E = 1.4426950408889634;

/** One draw, whole nanoseconds, at least 1. */
export function sample(latency: Latency, random: Random): number {
  const exponent = (normal(random) * latency.spread * LOG2_E) / 256;
  let time = latency.median * powerOfTwo(exponent);
  const { tail } = latency;
  if (tail !== undefined && (random.next() & 0xffff) < tail.chance) time *= tail.factor;
  return time < 1 ? 1 : Math.floor(time);
}

/** One draw of an exponential distribution: the time to the next of independent arrivals. */
export function exponential(mean: number, random: Random): number {
  return Math.floor(mean * EXPONENTIAL[random.next() >>> 22]!) + 1;
}

/** A standard normal deviate: twelve bytes' sum less its mean (variance 12 * (256^2 - 1) / 12). */
function normal(random: Random): number {
  const sum = bytes(random.next()) + bytes(random.next()) + bytes(random.next());
  return (sum - 1530) / 256;
}

function bytes(word: number): number {
  return (word & 0xff) + ((word >>> 8) & 0xff) + ((word >>> 16) & 0xff) + (word >>> 24);
}

function powerOfTwo(exponent: number): number {
  const steps = Math.floor(exponent * STEPS);
  const whole = steps >> 8;
  const fraction = POWERS[steps & 0xff]!;
  return whole >= 0 ? fraction * (1 << Math.min(whole, 20)) : fraction / (1 << Math.min(-whole, 20));
}

function makePowers(): Float64Array {
  let root = 2;
  for (let count = 0; count < 8; count++) root = squareRoot(root);
  const powers = new Float64Array(STEPS);
  let power = 1;
  for (let index = 0; index < STEPS; index++) {
    powers[index] = power;
    power *= root;
  }
  return powers;
}

function squareRoot(value: number): number {
  let guess = value;
  for (let round = 0; round < 64; round++) guess = (guess + value / guess) / 2;
  return guess;
}

function makeExponential(): Float64Array {
  const table = new Float64Array(1024);
  for (let index = 0; index < 1024; index++) table[index] = -logarithm((index + 0.5) / 1024);
  return table;
}

/** ln by range reduction to [1, 2) and the series of artanh. */
function logarithm(value: number): number {
  let reduced = value;
  let halvings = 0;
  while (reduced < 1) {
    reduced *= 2;
    halvings++;
  }
  const ratio = (reduced - 1) / (reduced + 1);
  let sum = 0;
  let power = ratio;
  for (let odd = 1; odd < 60; odd += 2) {
    sum += power / odd;
    power *= ratio * ratio;
  }
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: engines may differ in Math.LN2
  return 2 * sum - halvings * 0.6931471805599453;
}
