/**
 * Arguments of a USDT probe, which assemblers write as they write operands (SystemTap, UserSpaceProbeImplementation):
 *
 *     -4@%eax   8@16(%rbp)   2@foo+2(%rip)   8@(%rdi,%rsi,8)   4@$7        x86
 *     -4@w0     8@[sp, 96]   8@[x1, x2]      -4@7                          aarch64, arm
 *     8@a0      -4@-20(s0)   8@160(%r15)     8@9   8@128(31)   8@9,10      riscv, s390, ppc64
 *
 * Before the `@` is the size in bytes, negative when signed, with `f` when it is a floating point number.
 */
import { EM } from '../constants.ts';
import { type RegisterSet, registersOf, type UsdtRegister } from './usdt-registers.ts';

interface UsdtValue {
  /** Bytes: 1, 2, 4, 8; 16 of vectors. */
  readonly size: number;
  readonly signed: boolean;
  readonly float: boolean;
  /** As the note has it. */
  readonly text: string;
}

export type UsdtArgument =
  | (UsdtValue & { readonly kind: 'register'; readonly register: UsdtRegister })
  | (UsdtValue & UsdtMemory)
  | (UsdtValue & { readonly kind: 'constant'; readonly value: bigint })
  /** Written in a way that is not known; the probe can still be used. */
  | (UsdtValue & { readonly kind: 'unknown' });

/** At `symbol + displacement + base + index * scale`. */
export interface UsdtMemory {
  readonly kind: 'memory';
  readonly base: UsdtRegister | undefined;
  readonly index: UsdtRegister | undefined;
  readonly scale: number;
  readonly displacement: bigint;
  /** A symbol of the binary, with a base of `rip` relative to nothing else. */
  readonly symbol: string | undefined;
}

type Operand =
  | { readonly kind: 'register'; readonly register: UsdtRegister }
  | UsdtMemory
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'unknown' };

/** The kernel and tools know twelve. */
const MAX_ARGUMENTS = 64;
const SIZES: readonly number[] = [1, 2, 4, 8, 16, 32, 64];
const UNKNOWN: Operand = { kind: 'unknown' };

/** `machine`: one of `EM`. What cannot be understood comes as `unknown`. */
export function parseArguments(text: string, machine: number): readonly UsdtArgument[] {
  const registers = registersOf(machine);
  return split(text)
    .slice(0, MAX_ARGUMENTS)
    .map((word) => parseArgument(word, machine, registers));
}

/** At spaces outside of brackets. */
function split(text: string): readonly string[] {
  return text.match(/(?:\[[^\]]*\]|\([^)]*\)|[^\s[(])+/g) ?? [];
}

function parseArgument(text: string, machine: number, registers: RegisterSet | undefined): UsdtArgument {
  const [, sign, digits, float, operand = ''] = /^(-?)(\d{1,2})(f?)@(.+)$/.exec(text) ?? [];
  const size = Number(digits ?? 0);
  const value = { size, signed: sign === '-', float: float === 'f', text };
  if (registers === undefined || !SIZES.includes(size)) return { ...value, kind: 'unknown' };
  return { ...value, ...parseOperand(operand.trim(), machine, registers) };
}

function parseOperand(text: string, machine: number, registers: RegisterSet): Operand {
  switch (machine) {
    case EM.X86_64:
    case EM[386]:
      return x86Operand(text, registers);
    case EM.AARCH64:
    case EM.ARM:
      return armOperand(text, registers);
    case EM.PPC64:
      return ppcOperand(text, registers);
    default:
      return plainOperand(text, registers);
  }
}

const NUMBER = /^[-+]?(0x[\da-f]+|\d+)$/i;

function numberOf(text: string): bigint | undefined {
  if (!NUMBER.test(text) || text.length > 22) return undefined;
  const digits = BigInt(text.replace(/^[-+]/, ''));
  return text.startsWith('-') ? -digits : digits;
}

function constant(text: string): Operand {
  const value = numberOf(text);
  return value === undefined ? UNKNOWN : { kind: 'constant', value };
}

function x86Operand(text: string, registers: RegisterSet): Operand {
  if (text.startsWith('$')) return constant(text.slice(1));
  if (text.startsWith('%')) return registerOperand(text.slice(1), registers);
  const [, before = '', inner] = /^([^()]*)(?:\(([^()]*)\))?$/.exec(text) ?? [];
  if (inner === undefined && before === '') return UNKNOWN;
  const [base, index, scale = '1'] = (inner ?? '').split(',').map((part) => part.trim().replace(/^%/, ''));
  return memory(registers, { place: placeOf(before), base, index, scale });
}

/** `name`, `name+8`, `-8`: a symbol and a distance from it. */
function placeOf(text: string): { readonly symbol?: string; readonly displacement: bigint } | undefined {
  if (text === '') return { displacement: 0n };
  const value = numberOf(text);
  if (value !== undefined) return { displacement: value };
  const first = /^([-+]?\d+)\+(.+)$/.exec(text);
  const [, symbol, distance = '0'] =
    /^([A-Za-z_.$][\w.$@]*)([-+](?:0x[\da-f]+|\d+))?$/i.exec(first?.[2] ?? text) ?? [];
  const displacement = numberOf(first?.[1] ?? distance);
  return symbol === undefined || displacement === undefined ? undefined : { symbol, displacement };
}

interface MemoryText {
  readonly place: { readonly symbol?: string; readonly displacement: bigint } | undefined;
  readonly base?: string | undefined;
  readonly index?: string | undefined;
  readonly scale?: string;
}

function memory(registers: RegisterSet, text: MemoryText): Operand {
  const base = text.base ? registers.find(text.base) : undefined;
  const index = text.index ? registers.find(text.index) : undefined;
  const scale = Number(text.scale ?? '1');
  const isWrong = (text.base && base === undefined) || (text.index && index === undefined);
  if (text.place === undefined || isWrong || ![1, 2, 4, 8].includes(scale)) return UNKNOWN;
  const { symbol, displacement } = text.place;
  return { kind: 'memory', base, index, scale, displacement, symbol };
}

function registerOperand(name: string, registers: RegisterSet): Operand {
  const register = registers.find(name);
  return register === undefined ? UNKNOWN : { kind: 'register', register };
}

function armOperand(text: string, registers: RegisterSet): Operand {
  const inner = /^\[([^\]]*)\]$/.exec(text)?.[1];
  if (inner === undefined) {
    const bare = text.replace(/^#/, '');
    return numberOf(bare) === undefined ? registerOperand(bare, registers) : constant(bare);
  }
  const [base = '', second = '', shift] = inner.split(',').map((part) => part.trim().replace(/^#/, ''));
  const displacement = second === '' ? 0n : numberOf(second);
  if (displacement !== undefined) return memory(registers, { place: { displacement }, base });
  const scale = shift === undefined ? '1' : String(1 << Number(/^lsl #?([0-3])$/.exec(shift)?.[1] ?? 31));
  return memory(registers, { place: { displacement: 0n }, base, index: second, scale });
}

/** Constants carry an `i`; a bare number is a register, two are base and index. */
function ppcOperand(text: string, registers: RegisterSet): Operand {
  if (text.startsWith('i')) return constant(text.slice(1));
  const plain = text.replaceAll('%', '');
  const [, base, index] = /^(r?\d+),(r?\d+)$/.exec(plain) ?? [];
  if (base !== undefined) return memory(registers, { place: { displacement: 0n }, base, index });
  return offsetOperand(plain, registers) ?? registerOperand(plain, registers);
}

function plainOperand(text: string, registers: RegisterSet): Operand {
  const plain = text.replaceAll('%', '');
  if (numberOf(plain) !== undefined) return constant(plain);
  return offsetOperand(plain, registers) ?? registerOperand(plain, registers);
}

/** `160(r15)`, `160(r1,r15)`: s390 writes the index first. */
function offsetOperand(text: string, registers: RegisterSet): Operand | undefined {
  const [, before, first, second] = /^([^()]*)\(([^(),]*)(?:,([^(),]*))?\)$/.exec(text) ?? [];
  if (before === undefined) return undefined;
  const place = placeOf(before);
  return second === undefined
    ? memory(registers, { place, base: first })
    : memory(registers, { place, base: second, index: first });
}
