/** `import "x";` inside blocks. */
import type { ImportStatement, Item } from '../syntax/ast.ts';

/** All of them, in the order of the text. */
export function statementImports(items: readonly Item[]): readonly ImportStatement[] {
  const found: ImportStatement[] = [];
  const visit = (node: object): void => {
    if ((node as { readonly kind?: string }).kind === 'import-statement') found.push(node as ImportStatement);
    for (const child of Object.values(node)) {
      if (typeof child === 'object' && child !== null && !ArrayBuffer.isView(child)) visit(child);
    }
  };
  for (const item of items) visit(item);
  return found;
}
