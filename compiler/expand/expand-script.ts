/** A script with macros' bodies in the place of their uses. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { CDefinitions } from '../c/definitions.ts';
import { findEntry, isKnownUpstream } from '../library/index.ts';
import type { Script } from '../syntax/ast.ts';
import { CConstants } from './c-constants.ts';
import { Expander } from './expand.ts';
import { scriptMacros } from './script-macros.ts';

/** Probes and functions keep their nodes where nothing was expanded. */
export function expandScript(
  script: Script,
  { macros: cMacros }: CDefinitions,
  sink: DiagnosticSink,
): Script {
  const macros = scriptMacros(script.items, sink);
  const isKnown = (name: string): boolean => findEntry(name) !== undefined || isKnownUpstream(name);
  const constants = new CConstants(cMacros, sink);
  const expander = new Expander({ macros, constants, library: () => undefined, isKnown, sink });
  const items = script.items.map((item) =>
    item.kind === 'probe' || item.kind === 'function' ? expander.item(item) : item,
  );
  return { ...script, items };
}
