/**
 * What is known of one register (or of a spilled one) at one point of one path: `struct bpf_reg_state`. Registers are
 * immutable: a state that is kept shares them with the state that goes on, and two that are the same object are equal.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { VerifierMap } from '../map.ts';
import { Scalar } from '../value/scalar.ts';
import { Flag, Kind, type RegisterKind } from './register-kind.ts';

/** What a kind adds to a pointer; one kind of detail for each kind of register that has one. */
export type RegisterDetail = MapDetail | BtfDetail | MemDetail | DynptrDetail | IteratorDetail | IrqDetail;

/** mapPtr, mapValue, mapKey. `uid` tells inner maps of different lookups apart (`map_uid`). */
export interface MapDetail {
  readonly kind: 'map';
  readonly map: VerifierMap;
  readonly uid: number;
}

/** btfId. */
export interface BtfDetail {
  readonly kind: 'btf';
  readonly btf: Btf;
  readonly type: TypeId;
}

/** mem: bytes behind the pointer; `dynptr` is the id of the dynptr it is a slice of, 0 for none. */
export interface MemDetail {
  readonly kind: 'mem';
  readonly size: number;
  readonly dynptr: number;
}

/** A half of a dynptr on the stack, or a pointer to a dynptr (Kind.dynptr). */
export interface DynptrDetail {
  readonly kind: 'dynptr';
  readonly type: 'local' | 'ringbuf' | 'skb' | 'xdp' | 'skb_meta' | 'file';
  readonly first: boolean;
}

/** A slot of an iterator on the stack. `depth`: how often `next` was followed. */
export interface IteratorDetail {
  readonly kind: 'iterator';
  readonly btf: Btf;
  readonly type: TypeId;
  readonly state: 'active' | 'drained';
  readonly depth: number;
}

/** A saved interrupt flag on the stack. */
export interface IrqDetail {
  readonly kind: 'irq';
  readonly source: 'native' | 'lock';
}

export class Register {
  readonly kind: RegisterKind;
  /** {@link Flag} bits. */
  readonly flags: number;
  /** The number of a scalar; the variable part of a pointer's offset. */
  readonly scalar: Scalar;
  /** Fixed part of a pointer's offset; for scalars with one of `SUM_FLAGS` the distance from their link. */
  readonly off: number;
  /** Copies of one unknown share it; 0: none. */
  readonly id: number;
  /** Of the reference that must be released (`ref_obj_id`); 0: none. */
  readonly ref: number;
  readonly detail: RegisterDetail | null;
  /**
   * stack: number of the frame it points into; packet kinds: bytes proved to be there (-1 at the end, -2 beyond: `AT_PKT_END`,
   * `BEYOND_PKT_END`); func: number of the subprogram; otherwise 0.
   */
  readonly extra: number;
  /** The value decides whether the program is safe: states are compared by it. */
  readonly precise: boolean;

  constructor(
    kind: RegisterKind,
    flags: number,
    scalar: Scalar,
    off: number,
    id: number,
    ref: number,
    detail: RegisterDetail | null,
    extra: number,
    precise: boolean,
  ) {
    this.kind = kind;
    this.flags = flags;
    this.scalar = scalar;
    this.off = off;
    this.id = id;
    this.ref = ref;
    this.detail = detail;
    this.extra = extra;
    this.precise = precise;
  }

  /** A number. */
  static scalar(scalar: Scalar, id = 0, precise = false): Register {
    return new Register(Kind.scalar, 0, scalar, 0, id, 0, null, 0, precise);
  }

  /** A pointer at offset 0. */
  static pointer(
    kind: RegisterKind,
    flags: number,
    detail: RegisterDetail | null,
    id = 0,
    ref = 0,
    extra = 0,
  ): Register {
    return new Register(kind, flags, Scalar.ZERO, 0, id, ref, detail, extra, false);
  }

  get isPointer(): boolean {
    return this.kind > Kind.scalar;
  }

  get maybeNull(): boolean {
    return (this.flags & Flag.maybeNull) !== 0;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Same in everything but `flags`. */
  withFlags(flags: number): Register {
    return new Register(
      this.kind,
      flags,
      this.scalar,
      this.off,
      this.id,
      this.ref,
      this.detail,
      this.extra,
      this.precise,
    );
  }

  withScalar(scalar: Scalar): Register {
    return new Register(
      this.kind,
      this.flags,
      scalar,
      this.off,
      this.id,
      this.ref,
      this.detail,
      this.extra,
      this.precise,
    );
  }

  withOff(off: number): Register {
    return new Register(
      this.kind,
      this.flags,
      this.scalar,
      off,
      this.id,
      this.ref,
      this.detail,
      this.extra,
      this.precise,
    );
  }

  withId(id: number): Register {
    return new Register(
      this.kind,
      this.flags,
      this.scalar,
      this.off,
      id,
      this.ref,
      this.detail,
      this.extra,
      this.precise,
    );
  }

  withRef(ref: number): Register {
    return new Register(
      this.kind,
      this.flags,
      this.scalar,
      this.off,
      this.id,
      ref,
      this.detail,
      this.extra,
      this.precise,
    );
  }

  withExtra(extra: number): Register {
    return new Register(
      this.kind,
      this.flags,
      this.scalar,
      this.off,
      this.id,
      this.ref,
      this.detail,
      extra,
      this.precise,
    );
  }

  withDetail(detail: RegisterDetail | null): Register {
    return new Register(
      this.kind,
      this.flags,
      this.scalar,
      this.off,
      this.id,
      this.ref,
      detail,
      this.extra,
      this.precise,
    );
  }

  withPrecise(precise: boolean): Register {
    if (this.precise === precise) return this;
    return new Register(
      this.kind,
      this.flags,
      this.scalar,
      this.off,
      this.id,
      this.ref,
      this.detail,
      this.extra,
      precise,
    );
  }
}

/** A register never written on this path. */
export const NOT_INIT: Register = new Register(Kind.notInit, 0, Scalar.UNKNOWN, 0, 0, 0, null, 0, false);

/** Any number, imprecise. */
export const UNKNOWN_NUMBER: Register = Register.scalar(Scalar.UNKNOWN);

/** The number 0, imprecise. */
export const ZERO_NUMBER: Register = Register.scalar(Scalar.ZERO);
