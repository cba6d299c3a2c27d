/**
 * How tall a tree is, measured without recursion. Long operator and postfix chains make tall trees without any nesting
 * in the text; passes recurse over trees, so what is too tall is refused here.
 */
import type { Span } from '../../bpf/span.ts';

/** Well above what the nesting limit of the grammar can make, far below what a stack holds. */
export const HEIGHT_LIMIT = 1500;

interface Place {
  readonly value: object;
  readonly depth: number;
}

/** The span of a node deeper than `limit`, or undefined. */
export function tooTall(root: object, limit: number = HEIGHT_LIMIT): Span | undefined {
  const waiting: Place[] = [{ value: root, depth: 0 }];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const node = place.value as { readonly kind?: string; readonly span?: Span };
    const depth = place.depth + (node.kind === undefined ? 0 : 1);
    if (depth > limit) return node.span;
    for (const child of Object.values(place.value)) {
      if (typeof child === 'object' && child !== null && !(child instanceof Uint8Array)) {
        waiting.push({ value: child as object, depth });
      }
    }
  }
  return undefined;
}
