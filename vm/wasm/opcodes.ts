/**
 * The WebAssembly instructions that are generated here, by the specification's names: numbers are those of the binary
 * format, and `i64.shr_u` of the text format is `I64.shr_u`. Both back ends read this one table.
 */

export const I32 = {
  eqz: 0x45,
  eq: 0x46,
  ne: 0x47,
  lt_s: 0x48,
  lt_u: 0x49,
  gt_s: 0x4a,
  gt_u: 0x4b,
  le_s: 0x4c,
  le_u: 0x4d,
  ge_s: 0x4e,
  ge_u: 0x4f,
  clz: 0x67,
  ctz: 0x68,
  popcnt: 0x69,
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  div_s: 0x6d,
  div_u: 0x6e,
  rem_s: 0x6f,
  rem_u: 0x70,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shr_s: 0x75,
  shr_u: 0x76,
  rotl: 0x77,
  rotr: 0x78,
  wrap_i64: 0xa7,
  extend8_s: 0xc0,
  extend16_s: 0xc1,
  load: 0x28,
  load8_s: 0x2c,
  load8_u: 0x2d,
  load16_s: 0x2e,
  load16_u: 0x2f,
  store: 0x36,
  store8: 0x3a,
  store16: 0x3b,
} as const;

export const I64 = {
  eqz: 0x50,
  eq: 0x51,
  ne: 0x52,
  lt_s: 0x53,
  lt_u: 0x54,
  gt_s: 0x55,
  gt_u: 0x56,
  le_s: 0x57,
  le_u: 0x58,
  ge_s: 0x59,
  ge_u: 0x5a,
  clz: 0x79,
  ctz: 0x7a,
  popcnt: 0x7b,
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  div_s: 0x7f,
  div_u: 0x80,
  rem_s: 0x81,
  rem_u: 0x82,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  shl: 0x86,
  shr_s: 0x87,
  shr_u: 0x88,
  rotl: 0x89,
  rotr: 0x8a,
  extend_i32_s: 0xac,
  extend_i32_u: 0xad,
  extend8_s: 0xc2,
  extend16_s: 0xc3,
  extend32_s: 0xc4,
  load: 0x29,
  load8_s: 0x30,
  load8_u: 0x31,
  load16_s: 0x32,
  load16_u: 0x33,
  load32_s: 0x34,
  load32_u: 0x35,
  store: 0x37,
  store8: 0x3c,
  store16: 0x3d,
  store32: 0x3e,
} as const;

type I32Names = keyof typeof I32;
type I64Names = keyof typeof I64;
type LoadName<N> = Extract<N, `load${string}`>;
type StoreName<N> = Extract<N, `store${string}`>;
type UnaryName<N> = Extract<N, 'eqz' | 'clz' | 'ctz' | 'popcnt' | 'wrap_i64' | `extend${string}`>;
type BinaryName<N> = Exclude<N, LoadName<N> | StoreName<N> | UnaryName<N>>;

/** One operand. */
export type UnaryOp = (typeof I32)[UnaryName<I32Names>] | (typeof I64)[UnaryName<I64Names>];
/** Two operands. */
export type BinaryOp = (typeof I32)[BinaryName<I32Names>] | (typeof I64)[BinaryName<I64Names>];
export type LoadOp = (typeof I32)[LoadName<I32Names>] | (typeof I64)[LoadName<I64Names>];
export type StoreOp = (typeof I32)[StoreName<I32Names>] | (typeof I64)[StoreName<I64Names>];
