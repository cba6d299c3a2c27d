/** What of a function stands in which register: its callers and itself agree by this. */
import type { Subprogram } from '../check/model.ts';
import type { ValueKind } from '../ir/ir.ts';
import { NONE } from '../types/make.ts';
import { isScalar } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';

/** How a function is called. */
export interface FunctionShape {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
  /** Arguments are in a frame of the caller's. */
  readonly framed: boolean;
  /** It needs the program's context. */
  readonly context: boolean;
  /** Bytes of scratch memory it needs. */
  readonly scratch: number;
  /** `exit()` may end the probe in it: the first word of its scratch memory tells. */
  readonly exits: boolean;
}

/** Words in registers besides context and scratch memory. */
const MOST_WORDS = 3;

export function resultType({ result }: Subprogram): Type {
  return result === undefined ? NONE : settle(result);
}

export function parameterTypes({ parameters }: Subprogram): readonly Type[] {
  return parameters.map((type) => settle(type!));
}

export function hasResultInMemory(subprogram: Subprogram): boolean {
  const result = resultType(subprogram);
  return result.kind !== 'none' && !isScalar(result);
}

/** Words that stand for the arguments and for a result in memory. */
export function wordKinds(subprogram: Subprogram): readonly ValueKind[] {
  const kinds = parameterTypes(subprogram).map((type): ValueKind => (isScalar(type) ? 'scalar' : 'stack'));
  return hasResultInMemory(subprogram) ? [...kinds, 'stack'] : kinds;
}

export function isFramed(subprogram: Subprogram): boolean {
  return wordKinds(subprogram).length > MOST_WORDS;
}

/** Registers before that of the context. */
export function leadingKinds(subprogram: Subprogram): readonly ValueKind[] {
  return isFramed(subprogram) ? ['stack'] : wordKinds(subprogram);
}

export function leadingRegisters(subprogram: Subprogram): number {
  return leadingKinds(subprogram).length;
}
