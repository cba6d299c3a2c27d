/** Lints about scratch variables. */
import type { VariableSymbol } from '../check/model.ts';
import { unusedVariable as message } from '../diagnostics/messages.gen.ts';
import type { LintSubject, Site } from './subject.ts';

/** `unused-variable`: only ever the target of assignments. */
export function unusedVariable({ sites, model, report }: LintSubject): void {
  const used = new Set<VariableSymbol>();
  for (const site of sites) {
    if (site.node.kind !== 'variable' || isTarget(site)) continue;
    const symbol = site.unit.variables.get(site.node);
    if (symbol !== undefined) used.add(symbol);
  }
  for (const unit of model.units) {
    for (const symbol of new Set(unit.variables.values())) {
      const ignored = symbol.name.startsWith('_') || isLoopVariable(symbol, sites);
      if (!used.has(symbol) && symbol.assigned && !ignored)
        report(message(symbol.declaredAt, { name: symbol.name }));
    }
  }
}

function isTarget({ node, around }: Site): boolean {
  const parent = around.at(-1);
  if (parent?.kind === 'assign') return parent.target === node;
  if (parent?.kind === 'let' || parent?.kind === 'for') return parent.variable === node;
  // `$x++;` alone reads the number only to count it.
  return parent?.kind === 'update' && around.at(-2)?.kind === 'expression-statement';
}

/** Loops must have one, used or not. */
function isLoopVariable({ declaredAt }: VariableSymbol, sites: readonly Site[]): boolean {
  return sites.some(({ node }) => node.kind === 'for' && node.variable.span === declaredAt);
}
