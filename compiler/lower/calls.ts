/** Builtins and calls in one shape, for the library's entries. */

import type { CallSite } from '../library/entry.ts';
import type { CallExpression, Expression, IdentifierExpression } from '../syntax/ast.ts';
import type { Lowering } from './lowering.ts';

/** The node as a call of one of the script's functions. */
export function functionCall(low: Lowering, node: Expression): CallExpression | undefined {
  return node.kind === 'call' && low.module.model.functions.has(node.callee.name) ? node : undefined;
}

export function callSite(node: CallExpression | IdentifierExpression): CallSite {
  if (node.kind === 'identifier') return { node, name: node.name, span: node.span, args: [] };
  return { node, name: node.callee.name, span: node.span, args: node.arguments as readonly Expression[] };
}
