/** The macros of a script: gathered, and checked for what no use is needed to see. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import { macroJump, redefinition } from '../diagnostics/messages.gen.ts';
import type { Item, JumpStatement, MacroDefinition } from '../syntax/ast.ts';
import { type Macro, MacroTable } from './macro-table.ts';
import type { AnyNode } from './tree.ts';

const LOOPS: ReadonlySet<string | undefined> = new Set(['for', 'while', 'unroll']);

/** Macros and functions that share a name, or two macros of one signature, are complained of. */
export function scriptMacros(items: readonly Item[], sink: DiagnosticSink): MacroTable {
  const table = new MacroTable();
  for (const item of items) {
    if (item.kind !== 'macro') continue;
    checkJumps(item, sink);
    const known = table.add({ definition: item, origin: 'script' });
    if (known !== undefined) reportRedefinition(item, known.definition, sink);
  }
  for (const item of items) {
    if (item.kind !== 'function') continue;
    const known = table.overloads(item.name.name)[0];
    if (known !== undefined) reportRedefinition(item, known.definition, sink);
  }
  return table;
}

type Named = Pick<Macro['definition'], 'name'>;

export function reportRedefinition({ name }: Named, known: Named, sink: DiagnosticSink): void {
  const related = [{ message: 'This is the initial definition.', span: known.name.span }];
  sink.report(redefinition(name.span, { name: name.name }, { related }));
}

function checkJumps(macro: MacroDefinition, sink: DiagnosticSink): void {
  const visit = (node: object, inLoop: boolean): void => {
    const { kind } = node as AnyNode;
    if (kind === 'return' || ((kind === 'break' || kind === 'continue') && !inLoop)) {
      sink.report(macroJump((node as JumpStatement).span, { statement: kind }));
    }
    for (const child of Object.values(node)) {
      if (typeof child === 'object' && child !== null && !ArrayBuffer.isView(child))
        visit(child, inLoop || LOOPS.has(kind));
    }
  };
  visit(macro.body, false);
}
