import { DiagnosticList } from '../../../bpf/diagnostic.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';
import { createGrammar, parseScript } from '../../../compiler/syntax/parse.ts';
import { printScript } from '../../../compiler/syntax/print-ast.ts';
import { goldenTests } from '../../golden.ts';

// Chevrotain checks the grammar here, and only here.
const grammar = createGrammar({ validate: true });

for (const file of ['probes', 'statements', 'expressions', 'literals', 'preamble', 'errors', 'recovery']) {
  goldenTests(`syntax/${file}.txt`, ({ input, options }) => {
    const source = { name: 'stdin', text: input };
    const list = new DiagnosticList();
    const params = (options.params ?? []) as string[];
    const script = parseScript(source, 0, list, { params, grammar });
    return renderDiagnostics(list.items, [source]) + (options.tree === false ? '' : printScript(script));
  });
}
