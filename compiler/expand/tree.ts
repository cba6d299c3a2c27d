/** Trees as plain data: copies with nodes of their own, since later passes keep what they learn by node. */
import type { Span } from '../../bpf/span.ts';

export interface AnyNode {
  readonly kind?: string;
}

/** Every child that is a node or a list, replaced by what `each` gives; the node itself when nothing changed. */
export function mapChildren<T extends object>(node: T, each: (child: object) => object): T {
  if (Array.isArray(node)) {
    const mapped: unknown[] = node.map((child) => (isTree(child) ? each(child) : child));
    return mapped.some((child, index) => child !== node[index]) ? (mapped as unknown as T) : node;
  }
  let changed: Record<string, unknown> | undefined;
  for (const [key, child] of Object.entries(node)) {
    if (!isTree(child) || key === 'span' || key.endsWith('Span')) continue;
    const mapped = each(child);
    if (mapped === child) continue;
    changed = { ...(changed ?? node), [key]: mapped };
  }
  return (changed ?? node) as T;
}

/** A copy in which every node is new. Spans are values and stay. */
export function copyTree<T extends object>(tree: T): T {
  const copy = mapChildren(tree, copyTree);
  return copy === tree && !Array.isArray(tree) ? { ...tree } : copy;
}

/** A copy all of which stands at one place. */
export function moveTree<T extends object>(tree: T, span: Span): T {
  if (Array.isArray(tree)) return tree.map((child) => moved(child, span)) as unknown as T;
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    key === 'span' || key.endsWith('Span') ? span : moved(value, span),
  ]);
  return Object.fromEntries(entries) as T;
}

function moved(value: unknown, span: Span): unknown {
  return isTree(value) ? moveTree(value, span) : value;
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}
