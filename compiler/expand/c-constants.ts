/** Object-like macros of C text in the script: numbers and texts are literals, all else is read as an expression. */
import { DiagnosticList, type DiagnosticSink } from '../../bpf/diagnostic.ts';
import { expandSpan, type Span } from '../../bpf/span.ts';
import type { CConstant } from '../c/definitions.ts';
import { cMacroText } from '../diagnostics/messages.gen.ts';
import type { Expression } from '../syntax/ast.ts';
import { parseExpression } from '../syntax/parse.ts';
import { moveTree } from './tree.ts';

export class CConstants {
  private readonly macros: ReadonlyMap<string, CConstant>;
  private readonly sink: DiagnosticSink;

  constructor(macros: ReadonlyMap<string, CConstant>, sink: DiagnosticSink) {
    this.macros = macros;
    this.sink = sink;
  }

  /** What a word stands for, at the place of its use; undefined when it is no macro. */
  find(name: string, span: Span): Expression | undefined {
    const macro = this.macros.get(name);
    if (macro === undefined) return undefined;
    switch (macro.kind) {
      case 'integer':
        return integer(macro.value, span);
      case 'string':
        return { kind: 'string', span, bytes: macro.bytes };
      case 'text':
        return this.expression(name, macro, span);
    }
  }

  private expression(name: string, macro: CConstant & { kind: 'text' }, span: Span): Expression {
    const problems = new DiagnosticList();
    const parsed = parseExpression({ name, text: macro.text }, 0, problems);
    if (parsed !== undefined) return moveTree(parsed, expandSpan(span, macro.span));
    this.sink.report(cMacroText(span, { name, text: macro.text }));
    return { kind: 'error-expression', span };
  }
}

function integer(value: bigint, span: Span): Expression {
  if (value >= 0n) return { kind: 'integer', span, value };
  return { kind: 'unary', span, operator: '-', operand: { kind: 'integer', span, value: -value } };
}
