/** A function of the program (`struct bpf_subprog_info`). */
import type { Btf } from '../bpf/btf/btf.ts';
import type { TypeId } from '../bpf/btf/type.ts';

/** Type of a global function's argument, read from its prototype (`struct bpf_subprog_arg_info`). */
export type ArgumentInfo =
  | { readonly kind: 'anything' }
  | { readonly kind: 'ctx' }
  | {
      readonly kind: 'mem';
      readonly size: number;
      readonly maybeNull: boolean;
      readonly readOnly: boolean;
      readonly untrusted: boolean;
    }
  | { readonly kind: 'dynptr'; readonly readOnly: boolean }
  | { readonly kind: 'arena' }
  | {
      readonly kind: 'btf';
      readonly btf: Btf;
      readonly type: TypeId;
      readonly maybeNull: boolean;
      readonly trusted: boolean;
      readonly untrusted: boolean;
    };

export class Subprogram {
  readonly start: number;
  /** One past its last slot. */
  end = 0;
  /** Its `func` in the program's BTF; 0: none. */
  type: TypeId = 0;
  isGlobal = false;
  /** Its type says so; functions without a type are walked like static ones, and cannot be callbacks. */
  isStatic = false;
  /** Verified by itself, since somebody calls it (`called`). */
  called = false;
  verified = false;
  stackDepth = 0;
  hasTailCall = false;
  tailCallReachable = false;
  hasLegacyLoad = false;
  isCallback = false;
  isAsyncCallback = false;
  isExceptionCallback = false;
  changesPacket = false;
  mightSleep = false;
  usesPrivateStack = false;
  /** Offset below which only fastcall spills live; 0: none. */
  fastcallStackOff = 0;
  keepFastcallStack = false;
  /** Read when it is called or walked first. */
  arguments: readonly ArgumentInfo[] | null = null;
  /** A caller passed what its prototype does not take: the prototype tells nothing (`unreliable`). */
  unreliable = false;

  constructor(start: number) {
    this.start = start;
  }
}
