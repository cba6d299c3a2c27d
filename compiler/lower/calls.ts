/** Builtins and calls in one shape, for the library's entries. */

import type { CallSite } from '../library/entry.ts';
import type { CallExpression, Expression, IdentifierExpression } from '../syntax/ast.ts';

export function callSite(node: CallExpression | IdentifierExpression): CallSite {
  if (node.kind === 'identifier') return { node, name: node.name, span: node.span, args: [] };
  return { node, name: node.callee.name, span: node.span, args: node.arguments as readonly Expression[] };
}
