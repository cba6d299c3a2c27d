/** Registers and ranges in a reader's words. */

import type { Register } from '../state/register.ts';
import { Flag, Kind, typeText } from '../state/register-kind.ts';
import type { Scalar } from '../value/scalar.ts';

const SIGNED_MIN = -(1n << 63n);
/** So near to 2^64 the distance says more than the digits. */
const NEAR = 4096n;
const UNSIGNED_MAX = (1n << 64n) - 1n;

/** `5`, `0..1008`, `-4..12`, `any number`: the narrowest way to say it. */
export function rangeWords(scalar: Scalar): string {
  if (scalar.bits.isConstant()) return scalar.bits.value.toBigInt().toString();
  const signed = [scalar.smin.toBigInt(), scalar.smax.toBigInt()] as const;
  const unsigned = [scalar.umin.toUnsignedBigInt(), scalar.umax.toUnsignedBigInt()] as const;
  const [low, high] = unsigned[1] - unsigned[0] <= signed[1] - signed[0] ? unsigned : signed;
  const text = `${numberWords(low)}..${numberWords(high)}`;
  if ((low === 0n && high === UNSIGNED_MAX) || (low === SIGNED_MIN && high === -SIGNED_MIN - 1n)) {
    return wordRange(scalar) ?? 'any number';
  }
  return text;
}

/** When only the low 32 bits are known to be less than everything. */
function wordRange(scalar: Scalar): string | undefined {
  const unsigned = scalar.u32max - scalar.u32min;
  const signed = scalar.s32max - scalar.s32min;
  if (unsigned === 0xffff_ffff && signed === 0xffff_ffff) return undefined;
  const [low, high] = unsigned <= signed ? [scalar.u32min, scalar.u32max] : [scalar.s32min, scalar.s32max];
  return `any number whose low 32 bits are ${low}..${high}`;
}

function numberWords(value: bigint): string {
  if (value > UNSIGNED_MAX - NEAR) return `2^64-${UNSIGNED_MAX - value + 1n}`;
  if (value === -SIGNED_MIN - 1n) return '2^63-1';
  if (value === SIGNED_MIN) return '-2^63';
  return value.toString();
}

/** `a number 0..255`, `a pointer into the value of map 'counts' (8 bytes) at 4`, `the context`. */
export function registerWords(register: Register): string {
  if (register.kind === Kind.notInit) return 'nothing (it was not written on this path)';
  if (register.kind === Kind.scalar) {
    return register.scalar.isUnknown ? 'any number' : `a number, ${rangeWords(register.scalar)}`;
  }
  const text = `${pointerWords(register)}${offsetWords(register)}`;
  return register.has(Flag.maybeNull) ? `${text}, or null` : text;
}

function pointerWords(register: Register): string {
  const { detail, kind } = register;
  switch (kind) {
    case Kind.ctx:
      return 'the context';
    case Kind.stack:
      return 'a pointer into the stack';
    case Kind.mapPtr:
      return `the map${mapName(register)}`;
    case Kind.mapValue:
      return `a pointer into a value of map${mapName(register)}${mapSize(register)}`;
    case Kind.mapKey:
      return `a pointer to a key of map${mapName(register)}`;
    case Kind.packet:
      return `a pointer into the packet (${Math.max(register.extra, 0)} bytes are proved to be there)`;
    case Kind.packetEnd:
      return 'the end of the packet';
    case Kind.packetMeta:
      return "a pointer to the packet's metadata";
    case Kind.btfId:
      return `a pointer to struct ${detail?.kind === 'btf' ? detail.btf.nameOf(detail.type) : ''}`;
    case Kind.mem:
      return `a pointer to ${detail?.kind === 'mem' ? detail.size : 0} bytes of memory`;
    default:
      return `a pointer (${typeText(kind, register.flags & ~Flag.maybeNull)})`;
  }
}

function mapName({ detail }: Register): string {
  return detail?.kind === 'map' && detail.map.name !== '' ? ` '${detail.map.name}'` : '';
}

function mapSize({ detail }: Register): string {
  return detail?.kind === 'map' ? ` (${detail.map.valueSize} bytes)` : '';
}

function offsetWords({ kind, off, scalar }: Register): string {
  const varies = !scalar.bits.isConstant();
  const fixed = BigInt(off) + (varies ? 0n : scalar.bits.value.toBigInt());
  if (kind === Kind.stack)
    return varies ? ` at r10${signedWords(fixed)} + ${rangeWords(scalar)}` : ` at r10${signedWords(fixed)}`;
  if (!varies) return fixed === 0n ? '' : ` at ${fixed}`;
  return ` at ${fixed === 0n ? '' : `${fixed} + `}${rangeWords(scalar)}`;
}

/** Behind a name: `-8`, `+16`, nothing of 0. */
export function signedWords(value: bigint): string {
  if (value === 0n) return '';
  return value < 0n ? value.toString() : `+${value}`;
}
