/** A script with macros' bodies in the place of their uses. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { CDefinitions } from '../c/definitions.ts';
import { findEntry } from '../library/index.ts';
import type { Stdlib } from '../stdlib/stdlib.ts';
import type { Script } from '../syntax/ast.ts';
import { CConstants } from './c-constants.ts';
import { Expander } from './expand.ts';
import type { MacroTable } from './macro-table.ts';
import { scriptMacros } from './script-macros.ts';

/** Probes and functions keep their nodes where nothing was expanded. */
export function expandScript(
  script: Script,
  { macros: cMacros }: CDefinitions,
  stdlib: Stdlib,
  sink: DiagnosticSink,
): Script {
  const macros = scriptMacros(script.items, sink);
  const isKnown = (name: string): boolean => findEntry(name) !== undefined;
  const constants = new CConstants(cMacros, sink);
  const functions = new Set(script.items.flatMap((item) => (item.kind === 'function' ? item.name.name : [])));
  const library = (name: string): MacroTable | undefined => stdlib.find(name);
  const expander = new Expander({ macros, functions, constants, library, isKnown, sink });
  const items = script.items.map((item) =>
    item.kind === 'probe' || item.kind === 'function' ? expander.item(item) : item,
  );
  return { ...script, items };
}
