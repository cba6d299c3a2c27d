/** Walks over trees as plain data: everything with a `kind` and a `span` is a node. */
import type { Expression, Statement } from './ast.ts';

/** Any node of a tree, told apart by `kind`. */
export type AnyNode = Expression | Statement;

/** Visits `root` and all nodes in it in the order of the text, each with those around it, innermost last. */
export function walk(root: object, visit: (node: AnyNode, around: readonly AnyNode[]) => void): void {
  const around: AnyNode[] = [];
  const enter = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return;
    const isNode = 'kind' in value && 'span' in value;
    if (isNode) {
      visit(value as AnyNode, around);
      around.push(value as AnyNode);
    }
    for (const [key, child] of Object.entries(value)) {
      if (key !== 'span' && key !== 'operatorSpan') enter(child);
    }
    if (isNode) around.pop();
  };
  enter(root);
}
