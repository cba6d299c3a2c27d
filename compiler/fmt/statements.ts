/** Layout of blocks and statements. */
import type {
  AssignStatement,
  Block,
  Expression,
  ForStatement,
  IfExpression,
  Statement,
} from '../syntax/ast.ts';
import { type Doc, group, HARD, indent, LINE } from './doc.ts';
import { ExpressionLayout, startsWithBlock, unreachable } from './expressions.ts';
import { commentDoc, type SourceText } from './source-text.ts';

/** One piece of a sequence: its place in the text and how to lay it out. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  lay(): Doc;
}

export class StatementLayout {
  readonly source: SourceText;
  readonly expressions: ExpressionLayout;

  constructor(source: SourceText) {
    this.source = source;
    this.expressions = new ExpressionLayout(source, this);
  }

  /**
   * Pieces one below the other with the comments between them: one at the end of a line stays there, and of several blank
   * lines one stays. `from` is where the text before them ends, `to` where what follows begins.
   */
  sequence(pieces: readonly Piece[], from: number, to: number, separator: Doc = HARD): readonly Doc[] {
    const out: Doc[] = [];
    let end = from;
    const below = (start: number): void => {
      if (out.length === 0) return;
      out.push(separator);
      if (this.source.hasBlankLine(end, start)) out.push(HARD);
    };
    const comments = (before: number): void => {
      for (const comment of this.source.commentsBefore(before)) {
        const trailing = end > from && this.source.isOnLineOf(comment.span.start, end);
        if (trailing && out.length > 0) out.push(' ', commentDoc(comment));
        else {
          below(comment.span.start);
          out.push(commentDoc(comment));
        }
        // Whatever comes next stands on a line of its own.
        end = comment.span.end;
      }
    };
    for (const piece of pieces) {
      comments(piece.start);
      below(piece.start);
      out.push(piece.lay());
      end = piece.end;
    }
    comments(to);
    return out;
  }

  /** On one line when the author had it there and it is short, else one statement a line. */
  block(node: Block): Doc {
    const inline = isInline(node, this.source);
    const doc = this.blockBody(node, inline);
    return inline ? group(doc) : doc;
  }

  private blockBody(node: Block, inline: boolean): Doc {
    const { statements, result, span } = node;
    const lead = this.braceComments(node);
    const pieces: Piece[] = statements.map((statement, index) => ({
      ...placeOf(statement),
      lay: () => this.statement(statement, index === statements.length - 1 && result === undefined),
    }));
    if (result !== undefined)
      pieces.push({ ...placeOf(result), lay: () => this.statementExpression(result) });
    const body = this.sequence(pieces, span.start + 1, span.end - 1);
    if (body.length === 0 && lead.length === 0) return '{}';
    const gap = inline ? LINE : HARD;
    return ['{', lead, body.length === 0 ? '' : indent([gap, ...body]), gap, '}'];
  }

  /** Comments on the line of the opening brace stay there. */
  private braceComments({ span, statements, result }: Block): readonly Doc[] {
    const lineEnd = this.source.text.indexOf('\n', span.start);
    const first = statements[0]?.span.start ?? result?.span.start ?? span.end - 1;
    const end = Math.min(lineEnd < 0 ? first : lineEnd, first);
    return this.source.commentsBefore(end).flatMap((comment) => [' ', commentDoc(comment)]);
  }

  /** All arms on one line, or none. */
  ifChain(node: IfExpression): Doc {
    const arms: Block[] = [];
    let last: Block | IfExpression | undefined = node;
    while (last?.kind === 'if') {
      arms.push(last.then);
      last = last.otherwise;
    }
    if (last !== undefined) arms.push(last);
    const inline = arms.every((arm) => isInline(arm, this.source));
    const doc = this.ifArms(node, inline);
    return inline ? group(doc) : doc;
  }

  private ifArms(node: IfExpression, inline: boolean): Doc {
    const head = ['if ', this.condition(node.condition), ' ', this.arm(node.then, inline)];
    const { otherwise } = node;
    if (otherwise === undefined) return head;
    const lead = this.source.inlineBehind(otherwise.span.start);
    const rest = otherwise.kind === 'if' ? this.ifArms(otherwise, inline) : this.arm(otherwise, inline);
    return [head, lead, ' else ', rest];
  }

  private arm(node: Block, inline: boolean): Doc {
    return [this.source.inline(node.span.start), this.blockBody(node, inline)];
  }

  /** Always in parentheses. */
  condition(node: Expression): Doc {
    return group(['(', this.expressions.expression(node), ')']);
  }

  /** A body behind a head on the same line. */
  body(node: Block): Doc {
    return [' ', this.source.inline(node.span.start), this.block(node)];
  }

  statement(node: Statement, last: boolean): Doc {
    const { expressions } = this;
    switch (node.kind) {
      case 'expression-statement': {
        const isBlock = node.expression.kind === 'if' || node.expression.kind === 'block';
        // At the end of a block it is its value without a semicolon.
        return [this.statementExpression(node.expression), isBlock && !last ? '' : ';'];
      }
      case 'assign':
        return this.assign(node);
      case 'discard':
        return ['_ = ', expressions.expression(node.value), ';'];
      case 'let': {
        const name = `let $${node.variable.name}`;
        const type = node.type === undefined ? '' : [': ', expressions.type(node.type)];
        return [name, type, node.value === undefined ? '' : [' = ', expressions.expression(node.value)], ';'];
      }
      case 'for':
        return this.forLoop(node);
      case 'while':
        return ['while ', this.condition(node.condition), this.body(node.body)];
      case 'unroll':
        return ['unroll ', this.condition(node.count), this.body(node.body)];
      case 'return':
      case 'break':
      case 'continue':
        return node.value === undefined
          ? `${node.kind};`
          : [`${node.kind} `, expressions.expression(node.value), ';'];
      case 'import-statement':
      case 'error-statement':
        return [
          this.source
            .slice(node.span)
            .replace(/\s*;?$/, '')
            .replace(/^import\s+/, 'import '),
          ';',
        ];
      default:
        return unreachable(node);
    }
  }

  private assign(node: AssignStatement): Doc {
    const target = this.statementExpression(node.target);
    return [target, ` ${node.operator} `, this.expressions.expression(node.value), ';'];
  }

  private forLoop({ variable, over, body }: ForStatement): Doc {
    const { expressions } = this;
    const range =
      over.kind === 'range'
        ? [expressions.rangeEnd(over.start), '..', expressions.rangeEnd(over.end)]
        : expressions.rangeEnd(over);
    return [`for ($${variable.name} : `, range, ')', this.body(body)];
  }

  /** At the start of a statement an `if` or block ends the statement; one that is only an operand needs parentheses. */
  private statementExpression(node: Expression): Doc {
    const bare = node.kind === 'if' || node.kind === 'block' || !startsWithBlock(node);
    return bare ? this.expressions.expression(node) : this.expressions.held(node, 0, true);
  }
}

function placeOf({ span }: Statement | Expression): { readonly start: number; readonly end: number } {
  return { start: span.start, end: span.end };
}

/** Written on one line, with one statement at most and no comment. */
function isInline({ span, statements, result }: Block, source: SourceText): boolean {
  const count = statements.length + (result === undefined ? 0 : 1);
  return count <= 1 && !source.slice(span).includes('\n') && !source.hasCommentIn(span);
}
