/** A script with macros' bodies in the place of their uses. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import { findEntry, isKnownUpstream } from '../library/index.ts';
import type { Script } from '../syntax/ast.ts';
import { Expander } from './expand.ts';
import { scriptMacros } from './script-macros.ts';

/** Probes and functions keep their nodes where nothing was expanded. */
export function expandScript(script: Script, sink: DiagnosticSink): Script {
  const macros = scriptMacros(script.items, sink);
  const isKnown = (name: string): boolean => findEntry(name) !== undefined || isKnownUpstream(name);
  const expander = new Expander({ macros, library: () => undefined, isKnown, sink });
  const items = script.items.map((item) =>
    item.kind === 'probe' || item.kind === 'function' ? expander.item(item) : item,
  );
  return { ...script, items };
}
