/** May a value be kept where another type was declared or seen first? */
import type { Span } from '../../bpf/span.ts';
import { assignMismatch, literalRange } from '../diagnostics/messages.gen.ts';
import type { Expression } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import { settle, unify } from '../types/unify.ts';
import type { Checker } from './checker.ts';
import { warnImplicitCast } from './implicit-casts.ts';

/** What a value is assigned to: its type, how messages name it, and where the type was settled. */
export interface Target {
  readonly type: Type;
  readonly what: string;
  readonly kind: 'variable' | 'map' | 'function' | 'parameter';
  readonly at: Span;
}

export function checkAssignable(checker: Checker, target: Target, found: Type, value: Expression): void {
  const wanted = target.type;
  const constant = checker.constant(value);
  if (wanted.kind === 'integer' && found.kind === 'integer') {
    if (constant?.kind !== 'integer' || constant.cast) warnImplicitCast(checker, value, found, wanted);
    else if (!fits(constant.value, wanted))
      checker.report(literalRange(value.span, { value: constant.value, type: typeName(wanted) }));
    return;
  }
  const unified = unify(wanted, found);
  if (unified === undefined || (wanted.kind === 'string' && unified.size > wanted.size)) {
    reportMismatch(checker, target, found, value);
  }
}

export function reportMismatch(checker: Checker, target: Target, found: Type, value: Expression): void {
  const { type, what, kind, at } = target;
  const related = [{ message: 'This is the initial declaration.', span: at }];
  const names = { what, kind, ...twoNames(settle(found), settle(type)) };
  checker.report(assignMismatch(value.span, names, { related }));
}

/** Pointers of one name differ in where they lead. */
function twoNames(found: Type, wanted: Type): { readonly found: string; readonly wanted: string } {
  const names = { found: typeName(found), wanted: typeName(wanted) };
  if (names.found !== names.wanted || found.kind !== 'pointer' || wanted.kind !== 'pointer') return names;
  return {
    found: `${names.found} (${found.space} memory)`,
    wanted: `${names.wanted} (${wanted.space} memory)`,
  };
}

export function fits(value: bigint, type: Type & { kind: 'integer' }): boolean {
  const bits = BigInt(type.size * 8);
  if (type.signed) return value >= -(1n << (bits - 1n)) && value < 1n << (bits - 1n);
  return value >= 0n && value < 1n << bits;
}
