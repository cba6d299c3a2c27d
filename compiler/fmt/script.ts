/** Layout of a whole script: what stands before the probes, and the items, with blank lines between them kept. */
import type { Source } from '../../bpf/span.ts';
import type {
  ConfigBlock,
  FunctionDefinition,
  ImportDeclaration,
  Item,
  MacroDefinition,
  Probe,
  Script,
} from '../syntax/ast.ts';
import { type Doc, group, HARD, indent, LINE } from './doc.ts';
import { unreachable } from './expressions.ts';
import { SourceText } from './source-text.ts';
import { type Piece, StatementLayout } from './statements.ts';

export function layScript(script: Script, source: Source): Doc {
  const layout = new ScriptLayout(new SourceText(source, script.comments));
  return layout.script(script);
}

const SIGILS = { variable: '$', map: '@', expression: '' } as const;

class ScriptLayout {
  private readonly source: SourceText;
  private readonly statements: StatementLayout;

  constructor(source: SourceText) {
    this.source = source;
    this.statements = new StatementLayout(source);
  }

  script({ shebang, preamble, config, imports, items, span }: Script): Doc {
    const pieces: Piece[] = [
      ...preamble.map((node) => this.piece(node, () => verbatim(node.text))),
      ...(config === undefined ? [] : [this.piece(config, () => this.config(config))]),
      ...imports.map((node) => this.piece(node, () => this.import(node))),
      ...items.map((item) => this.piece(item, () => this.item(item))),
    ].sort((left, right) => left.start - right.start);
    const from = shebang === undefined ? 0 : this.source.text.indexOf(shebang) + shebang.length;
    const body = this.statements.sequence(pieces, from, span.end);
    const head = shebang === undefined ? [] : [shebang, HARD, this.isApart(from, pieces, body) ? HARD : ''];
    return body.length === 0 && shebang === undefined ? '' : [head, ...body, body.length === 0 ? '' : HARD];
  }

  /** A blank line behind the first line stays. */
  private isApart(from: number, [first]: readonly Piece[], body: readonly Doc[]): boolean {
    if (body.length === 0) return false;
    const to = first?.start ?? this.source.text.length;
    return this.source.hasBlankLine(from, Math.min(to, this.source.firstComment ?? to));
  }

  private piece({ span }: { readonly span: { start: number; end: number } }, lay: () => Doc): Piece {
    return { start: span.start, end: span.end, lay };
  }

  private import({ pathSpan }: ImportDeclaration): Doc {
    return ['import ', this.source.inline(pathSpan.start), this.source.slice(pathSpan), ';'];
  }

  private config({ entries, span }: ConfigBlock): Doc {
    const pieces = entries.map((entry) =>
      this.piece(entry, () => [`${entry.key.name} = `, this.source.slice(entry.value.span), ';']),
    );
    const open = this.source.text.indexOf('{', span.start) + 1;
    const lead = this.source.inline(open - 1);
    const body = this.statements.sequence(pieces, open, span.end - 1);
    return body.length === 0
      ? ['config = ', lead, '{}']
      : ['config = ', lead, '{', indent([HARD, ...body]), HARD, '}'];
  }

  private item(item: Item): Doc {
    switch (item.kind) {
      case 'probe':
        return this.probe(item);
      case 'macro':
        return this.macro(item);
      case 'function':
        return this.fn(item);
      case 'map-declaration': {
        const { map, mapType, maxEntries } = item;
        const lead = this.source.inline(maxEntries.span.start);
        return [`let @${map.name} = ${mapType.name}(`, lead, this.source.slice(maxEntries.span), ');'];
      }
      case 'error-item':
        return verbatim(this.source.slice(item.span));
      default:
        return unreachable(item);
    }
  }

  /** One attach point a line, the predicate behind the last when it fits there. */
  private probe({ attachPoints, predicate, body }: Probe): Doc {
    const points = attachPoints.map((point, index): Doc => {
      const last = index === attachPoints.length - 1;
      const lead = this.source.inline(point.span.start);
      return [lead, this.source.slice(point.span), last ? '' : [',', HARD]];
    });
    const condition = predicate === undefined ? '' : this.predicate(predicate, attachPoints.length > 1);
    const lead = this.source.inlineBehind(body.span.start);
    return [points, condition, lead, ' ', this.statements.block(body)];
  }

  private predicate(node: Probe['predicate'] & object, own: boolean): Doc {
    const lead = this.source.inlineBehind(node.span.start);
    const doc = ['/', this.statements.expressions.expression(node), '/'];
    return own ? [lead, HARD, doc] : [lead, group([indent([]), LINE, doc])];
  }

  private macro({ name, parameters, body }: MacroDefinition): Doc {
    const names = parameters.map(({ passing, name: word }) => `${SIGILS[passing]}${word}`).join(', ');
    const list = parameters.length > 0 || this.hasList(name.span.end, body.span.start) ? `(${names})` : '';
    return [`macro ${name.name}${list} `, this.source.inline(body.span.start), this.statements.block(body)];
  }

  /** `name()` and `name` are the same; which one it was stays. */
  private hasList(from: number, to: number): boolean {
    return this.source.text.slice(from, to).includes('(');
  }

  private fn({ name, parameters, result, body }: FunctionDefinition): Doc {
    const { expressions } = this.statements;
    const list = parameters.map(
      (one, index): Doc => [index === 0 ? '' : ', ', `$${one.name.name} : `, expressions.type(one.type)],
    );
    const type = expressions.type(result);
    const lead = this.source.inline(body.span.start);
    return [`fn ${name.name}(`, list, ') : ', type, ' ', lead, this.statements.block(body)];
  }
}

/** C text as it is, but for blanks at the ends of its lines. */
function verbatim(text: string): Doc {
  const lines = text.trimEnd().split('\n');
  return { kind: 'verbatim', text: lines.map((line) => line.trimEnd()).join('\n') };
}
