/**
 * Is a register of the current state one of those that a kept state allows (`regsafe`)? Objects are shared between states, so
 * most comparisons end at their identity; ids are matched all the same, since the same id may stand for another one elsewhere.
 */
import type { Register, RegisterDetail } from '../state/register.ts';
import { Kind, SUM_FLAGS } from '../state/register-kind.ts';
import { comparedId, type IdMap } from './id-map.ts';

/** How states are compared (`enum exact_level`). */
export const Exactness = {
  /** What is known not to matter may differ. */
  none: 0,
  /** Everything is the same. */
  exact: 1,
  /** Each value is in the kept one's range, whether it mattered so far or not. */
  within: 2,
} as const;

export type Exactness = (typeof Exactness)[keyof typeof Exactness];

/** What a comparison of two states carries along. */
export interface Comparison {
  readonly ids: IdMap;
  exactness: Exactness;
  /** All scalars count as precise: an unprivileged load keeps no account of precision. */
  allPrecise: boolean;
  /** Ranges must be the same (`explore_alu_limits`). */
  exactRanges: boolean;
  /** Bytes of stack never written may be read (`allow_uninit_stack`). */
  uninitialisedStack: boolean;
}

/** If `kept` is safe, so is `current`. */
export function isRegisterSafe(kept: Register, current: Register, how: Comparison): boolean {
  if (how.exactness === Exactness.exact) return isExactlyEqual(kept, current, how.ids);
  if (kept.kind === Kind.notInit && (how.exactness === Exactness.none || current.kind === Kind.notInit)) {
    return true;
  }
  if (kept.kind !== current.kind || typeFlags(kept) !== typeFlags(current)) return false;
  switch (kept.kind) {
    case Kind.scalar:
      return isScalarSafe(kept, current, how);
    case Kind.mapKey:
    case Kind.mapValue:
    case Kind.mem:
    case Kind.buf:
    case Kind.tpBuffer:
      return (
        kept.off === current.off &&
        hasSameDetail(kept.detail, current.detail) &&
        kept.scalar.contains(current.scalar) &&
        haveSameIds(kept, current, how.ids)
      );
    case Kind.packet:
    case Kind.packetMeta:
      return (
        hasAsMuchRange(kept.extra, current.extra) &&
        kept.off === current.off &&
        how.ids.match(kept.id, current.id) &&
        kept.scalar.contains(current.scalar)
      );
    case Kind.stack:
      return isExactlyEqual(kept, current, how.ids) && kept.extra === current.extra;
    case Kind.arena:
      return true;
    default:
      return isExactlyEqual(kept, current, how.ids);
  }
}

/** More bytes proved to be there are as good; that it lies at or beyond the end is nothing else than that. */
function hasAsMuchRange(kept: number, current: number): boolean {
  return kept < 0 || current < 0 ? kept === current : kept <= current;
}

function isScalarSafe(kept: Register, current: Register, how: Comparison): boolean {
  const sum = kept.flags & SUM_FLAGS;
  const { ids } = how;
  if (how.exactRanges) {
    return kept.off === current.off && kept.scalar.equals(current.scalar) && ids.matchScalars(kept, current);
  }
  if (!kept.precise && !how.allPrecise && how.exactness === Exactness.none) return true;
  if (kept.id !== 0 && sum !== (current.flags & SUM_FLAGS)) return false;
  if (sum !== 0 && kept.off !== current.off) return false;
  return kept.scalar.contains(current.scalar) && ids.matchScalars(kept, current);
}

/** The same in everything that a comparison sees, ids matched (`regs_exact`). */
export function isExactlyEqual(kept: Register, current: Register, ids: IdMap): boolean {
  if (kept !== current && !isSameValue(kept, current)) return false;
  return haveSameIds(kept, current, ids);
}

/** The very same register, ids and all; frames of stack pointers and precision apart (`memcmp` up to `frameno`). */
export function isSameRegister(a: Register, b: Register): boolean {
  if (a === b) return true;
  return a.id === b.id && a.ref === b.ref && a.flags === b.flags && isSameValue(a, b);
}

/** All before the ids. */
function isSameValue(a: Register, b: Register): boolean {
  return (
    a.kind === b.kind &&
    typeFlags(a) === typeFlags(b) &&
    a.off === b.off &&
    (a.extra === b.extra || a.kind === Kind.stack) &&
    a.scalar.equals(b.scalar) &&
    hasSameDetail(a.detail, b.detail)
  );
}

/** That a scalar is a sum is a bit of its id, not of its type. */
function typeFlags(register: Register): number {
  return register.flags & ~SUM_FLAGS;
}

function haveSameIds(kept: Register, current: Register, ids: IdMap): boolean {
  if (kept.id === 0 && current.id === 0 && kept.ref === 0 && current.ref === 0) return true;
  return ids.match(comparedId(kept), comparedId(current)) && ids.match(kept.ref, current.ref);
}

function hasSameDetail(a: RegisterDetail | null, b: RegisterDetail | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  switch (a.kind) {
    case 'map':
      return b.kind === 'map' && a.map === b.map && a.uid === b.uid;
    case 'btf':
      return b.kind === 'btf' && a.btf === b.btf && a.type === b.type;
    case 'mem':
      return b.kind === 'mem' && a.size === b.size && a.dynptr === b.dynptr;
    case 'dynptr':
      return b.kind === 'dynptr' && a.type === b.type && a.first === b.first;
    case 'iterator':
      return b.kind === 'iterator' && a.btf === b.btf && a.type === b.type && a.state === b.state;
    case 'irq':
      return b.kind === 'irq' && a.source === b.source;
  }
}
