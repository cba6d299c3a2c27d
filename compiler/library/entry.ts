/**
 * A row of the library: one builtin or function with its documentation, type check and lowering. The table drives the
 * checker, completion, hover and the language reference.
 */
import type { Span } from '../../bpf/span.ts';
import type { Checker } from '../check/checker.ts';
import type { Operand } from '../ir/ir.ts';
import type { Lowering } from '../lower/lowering.ts';
import type { Place } from '../lower/place.ts';
import type { CallExpression, Expression, IdentifierExpression, MapAccess, MapName } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';

export interface CallSite {
  readonly node: CallExpression | IdentifierExpression;
  readonly name: string;
  readonly span: Span;
  readonly args: readonly Expression[];
}

export interface LibraryEntry {
  readonly name: string;
  readonly kind: 'builtin' | 'function' | 'aggregation';
  /** As the reference shows it: `str(ptr[, length])`. */
  readonly signature: string;
  readonly doc: string;
  readonly arguments: { readonly min: number; readonly max: number };
  readonly unsafe?: boolean;
  /** Arguments may be types: the entry reads them of the call's node itself. */
  readonly takesTypes?: boolean;
  /** Runs in user space, after the probe. */
  readonly asynchronous?: boolean;
  check(call: CallSite, checker: Checker): Type | undefined;
  /** Value of one register. */
  readonly scalar?: (call: CallSite, low: Lowering) => Operand;
  /** Value in memory, written to `place` as `type`. */
  readonly into?: (call: CallSite, low: Lowering, place: Place, type: Type) => void;
  /** A call whose value nobody uses. */
  readonly effect?: (call: CallSite, low: Lowering) => void;
  /** An aggregation assigned to a map. */
  readonly aggregate?: (call: CallSite, low: Lowering, target: MapName | MapAccess) => void;
}
