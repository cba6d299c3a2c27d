/** A dynptr handed to a helper or kernel function (`process_dynptr_func`). */
import { checkMemoryAccess } from '../access/access.ts';
import type { Environment } from '../environment.ts';
import {
  constDynptrToMutator,
  dynptrNotInitialised,
  dynptrNotUninitialised,
  dynptrOfOtherType,
  dynptrWanted,
} from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import {
  type DynptrType,
  dynptrIn,
  initialisedDynptr,
  makeDynptr,
  markDynptrRead,
  mayHoldDynptr,
} from './dynptr.ts';
import { frameOf, stackSlotOf } from './stack-object.ts';

export interface DynptrUse {
  /** The callee makes it (`MEM_UNINIT`). */
  readonly makes: boolean;
  /** The callee neither moves nor ends it (`MEM_RDONLY`). */
  readonly constant: boolean;
  /** Undefined: of any type. */
  readonly type: DynptrType | undefined;
  /** The one made shares this reference with the dynptr it is a copy of. */
  readonly clonedRef?: number;
}

/** @throws Rejection */
export function checkDynptrArgument(env: Environment, number: number, use: DynptrUse): void {
  const register = env.register(number);
  const argument = number - 1;
  if (!isDynptrPointer(register)) throw dynptrWanted({ argument });
  if (use.makes) {
    makeArgument(env, register, number, use);
    return;
  }
  if (register.kind === Kind.dynptr && !use.constant) throw constDynptrToMutator({});
  const type = typeBehind(env, register);
  if (type === undefined) throw dynptrNotInitialised({ argument });
  if (use.type !== undefined && use.type !== type) throw dynptrOfOtherType({ type: use.type, argument });
  markDynptrRead(env, register);
}

function isDynptrPointer(register: Register): boolean {
  return register.flags === 0 && (register.kind === Kind.stack || register.kind === Kind.dynptr);
}

function makeArgument(env: Environment, register: Register, number: number, use: DynptrUse): void {
  if (!mayHoldDynptr(env, register)) throw dynptrNotUninitialised({});
  for (const off of [0, 8]) {
    checkMemoryAccess(env, { kind: 'write', base: number, off, size: 8, value: -1 });
  }
  makeDynptr(env, register, use.type!, use.clonedRef ?? 0);
}

function typeBehind(env: Environment, register: Register): DynptrType | undefined {
  if (register.kind === Kind.dynptr)
    return register.detail?.kind === 'dynptr' ? register.detail.type : undefined;
  return dynptrIn(initialisedDynptr(env, register))?.type;
}

/** The reference that the dynptr on the stack holds; 0: none, or there is no dynptr. Remarks why there can be none. */
export function heldByDynptr(env: Environment, register: Register): number {
  const spi = stackSlotOf(env, register, 'dynptr', 2);
  return spi === undefined ? 0 : frameOf(env, register).stack[spi]!.spilled.ref;
}
