/** Memory of a known size, at offsets within a range (`check_mem_region_access`). */
import type { Environment } from '../environment.ts';
import { maximumOutside, minimumNegative, minimumOutside, unboundedAccess } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import type { Int64 } from '../value/int64.ts';

/** `BPF_MAX_VAR_OFF`: beyond, an offset counts as unbounded. */
export const MAX_VARIABLE_OFFSET = 0x2000_0000;

/**
 * @param off with the register's fixed offset, without its variable one
 * @param limit size of the memory
 * @throws Rejection
 */
export function checkRegion(
  env: Environment,
  number: number,
  off: number,
  size: number,
  limit: number,
  zeroAllowed: boolean,
): void {
  const register = env.register(number);
  const { smin, umax } = register.scalar;
  if (smin.isNegative() && isBelow(smin, off)) {
    throw minimumNegative({ register: number, off, size, limit, min: smin.toString() });
  }
  if (!isInside(env, number, register, (smin.lo + off) | 0, size, limit, zeroAllowed)) {
    throw minimumOutside({ register: number, off, size, limit, min: smin.toString(), max: umax.toString() });
  }
  if (umax.hi !== 0 || umax.lo < 0 || umax.lo >= MAX_VARIABLE_OFFSET) {
    throw unboundedAccess({ register: number, off, size, limit });
  }
  if (!isInside(env, number, register, umax.lo + off, size, limit, zeroAllowed)) {
    throw maximumOutside({ register: number, off, size, limit, min: smin.toString(), max: umax.toString() });
  }
}

/** `smin + off` is negative, or no 32-bit number. */
function isBelow(smin: Int64, off: number): boolean {
  if (smin.hi !== -1 || smin.lo >= 0) return true;
  return smin.lo + off < 0;
}

/** At one offset (`__check_mem_access`); what the kernel says when it is outside goes into the remarks. */
export function isInside(
  env: Environment,
  number: number,
  register: Register,
  off: number,
  size: number,
  limit: number,
  zeroAllowed: boolean,
): boolean {
  if (off >= 0 && (size > 0 || (size === 0 && zeroAllowed)) && off + size <= limit) return true;
  env.remark(outsideText(number, register, off, size, limit));
  return false;
}

function outsideText(number: number, register: Register, off: number, size: number, limit: number): string {
  switch (register.flags === 0 ? register.kind : Kind.mem) {
    case Kind.mapKey:
      return `invalid access to map key, key_size=${limit} off=${off} size=${size}`;
    case Kind.mapValue:
      return `invalid access to map value, value_size=${limit} off=${off} size=${size}`;
    case Kind.packet:
    case Kind.packetMeta:
    case Kind.packetEnd: {
      const place = `R${number}(id=${register.id},off=${off},r=${limit})`;
      return `invalid access to packet, off=${off} size=${size}, ${place}`;
    }
    default:
      return `invalid access to memory, mem_size=${limit} off=${off} size=${size}`;
  }
}
