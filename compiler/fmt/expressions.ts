/** Layout of expressions and types. Documents are made in the order of the text, for comments are taken as they come. */
import type { Span } from '../../bpf/span.ts';
import type {
  BinaryExpression,
  Block,
  CallExpression,
  Expression,
  IfExpression,
  TypeSyntax,
} from '../syntax/ast.ts';
import { BINARY_STRENGTH } from '../syntax/precedence.ts';
import { isType, POSTFIX, PRIMARY, strengthOf, TERNARY, UNARY } from '../syntax/print-source.ts';
import { type Doc, fill, group, indent, LINE, SOFT } from './doc.ts';
import type { SourceText } from './source-text.ts';

/** Lines of a call or a chain that go on are set in twice, so that they do not look like a body. */
const CONTINUED = 2;

export class ExpressionLayout {
  protected readonly source: SourceText;
  /** Layout of blocks, which needs that of statements. */
  private readonly layBlock: (block: Block) => Doc;
  private readonly layIf: (node: IfExpression) => Doc;

  constructor(source: SourceText, blocks: { block(block: Block): Doc; ifChain(node: IfExpression): Doc }) {
    this.source = source;
    this.layBlock = (block) => blocks.block(block);
    this.layIf = (node) => blocks.ifChain(node);
  }

  expression(node: Expression): Doc {
    return [this.source.inline(node.span.start), this.bare(node)];
  }

  private bare(node: Expression): Doc {
    switch (node.kind) {
      case 'integer':
      case 'string':
      case 'boolean':
      case 'positional':
      case 'positional-count':
      case 'identifier':
      case 'variable':
      case 'map':
        return this.source.slice(node.span);
      case 'map-access':
        return group([`@${node.map.name}[`, this.key(node.key), this.closing(node.span), ']']);
      case 'field':
        return [this.held(node.object, POSTFIX), node.arrow ? '->' : '.', node.field.name];
      case 'tuple-field':
        return [this.held(node.object, POSTFIX), `.${node.index}`];
      case 'index': {
        const { object } = node;
        const held = object.kind === 'map' ? ['(', this.expression(object), ')'] : this.held(object, POSTFIX);
        return [held, '[', this.expression(node.index), this.closing(node.span), ']'];
      }
      case 'call':
        return this.call(node);
      case 'unary': {
        const { operand } = node;
        const apart = operand.kind === 'unary' || (operand.kind === 'update' && operand.prefix);
        const blank = apart && operand.operator.startsWith(node.operator) ? ' ' : '';
        return [node.operator, blank, this.held(operand, UNARY)];
      }
      case 'update':
        return node.prefix
          ? [node.operator, this.held(node.target, UNARY)]
          : [this.held(node.target, POSTFIX), node.operator];
      case 'binary':
        return this.binary(node);
      case 'ternary':
        return this.ternary(node);
      case 'if':
        return this.layIf(node);
      case 'block':
        return this.layBlock(node);
      case 'comptime':
        return ['comptime ', this.held(node.value, UNARY)];
      case 'cast': {
        const type = this.type(node.type);
        const value = this.held(node.value, UNARY, startsWithBlock(node.value));
        return ['(', type, ')', value];
      }
      case 'tuple': {
        const tail = node.elements.length === 1 ? ',' : '';
        return this.list(
          '(',
          node.elements.map((one) => () => this.expression(one)),
          node.span,
          `${tail})`,
        );
      }
      case 'record':
        return this.list(
          '(',
          node.fields.map(({ name, value }) => () => [
            this.source.inline(name.span.start),
            `${name.name} = `,
            this.expression(value),
          ]),
          node.span,
          ')',
        );
      case 'sizeof':
      case 'typeof':
      case 'typeinfo':
        return [`${node.kind}(`, this.operand(node.operand), this.closing(node.span), ')'];
      case 'offsetof': {
        const operand = this.operand(node.operand);
        const path = node.path.map((field) => field.name).join('.');
        return ['offsetof(', operand, ', ', path, this.closing(node.span), ')'];
      }
      case 'error-expression':
        return this.source.slice(node.span);
      default:
        return unreachable(node);
    }
  }

  /** What stands before the closing bracket that ends `span`. */
  private closing({ end }: Span): Doc {
    return this.source.inlineBehind(end - 1);
  }

  private key(key: Expression): Doc {
    if (key.kind !== 'tuple' || key.elements.length < 2) return this.expression(key);
    const parts = key.elements.map((element, index) => {
      const last = index === key.elements.length - 1;
      return [index === 0 ? SOFT : LINE, this.expression(element), last ? '' : ','];
    });
    return indent(parts, CONTINUED);
  }

  private call({ callee, arguments: args, span }: CallExpression): Doc {
    return this.list(
      `${callee.name}(`,
      args.map((one) => () => this.operand(one)),
      span,
      ')',
    );
  }

  /** Pieces between brackets, as many on a line as fit. */
  private list(open: string, pieces: readonly (() => Doc)[], span: Span, close: string): Doc {
    const parts = pieces.map((piece, index): Doc => {
      const doc = [piece(), index === pieces.length - 1 ? '' : ','];
      return index === 0 ? doc : [LINE, doc];
    });
    const last = this.closing(span);
    return [open, indent(fill([...parts, last]), CONTINUED), close];
  }

  operand(node: Expression | TypeSyntax): Doc {
    return isType(node) ? this.type(node) : this.expression(node);
  }

  /** In parentheses when it holds together less than `strength` asks, or must not stand bare. */
  held(node: Expression, strength: number, always = false): Doc {
    const lead = this.source.inline(node.span.start);
    const bare = this.bare(node);
    return always || strengthOf(node) < strength ? [lead, '(', bare, ')'] : [lead, bare];
  }

  /** An operand of an operator; parentheses that the author set for clearness stay. */
  private clear(node: Expression, strength: number): Doc {
    const compound = node.kind === 'binary' || node.kind === 'ternary' || node.kind === 'cast';
    return this.held(node, strength, compound && this.source.isParenthesised(node.span));
  }

  /** A chain of operators of one strength, as many on a line as fit. */
  private binary(node: BinaryExpression): Doc {
    return indent(fill(this.chain(node)), CONTINUED);
  }

  private chain({ operator, left, right }: BinaryExpression): readonly Doc[] {
    const strength = BINARY_STRENGTH[operator];
    const goesOn =
      left.kind === 'binary' &&
      BINARY_STRENGTH[left.operator] === strength &&
      !this.source.isParenthesised(left.span);
    const head = goesOn ? this.chain(left) : [this.clear(left, strength)];
    const last = head.at(-1)!;
    return [...head.slice(0, -1), [last, ` ${operator}`], [LINE, this.clear(right, strength + 1)]];
  }

  private ternary(node: Expression & { kind: 'ternary' }): Doc {
    const condition = this.clear(node.condition, TERNARY + 1);
    const then = node.then === undefined ? undefined : this.expression(node.then);
    const otherwise = this.expression(node.otherwise);
    if (then === undefined) return group([condition, ' ?:', indent([LINE, otherwise], CONTINUED)]);
    return group([condition, indent([LINE, '? ', then, LINE, ': ', otherwise], CONTINUED)]);
  }

  /** The range of a `for`. */
  rangeEnd(node: Expression): Doc {
    return this.held(node, PRIMARY);
  }

  type(node: TypeSyntax): Doc {
    return [this.source.inline(node.span.start), this.bareType(node)];
  }

  private bareType(node: TypeSyntax): Doc {
    switch (node.kind) {
      case 'named-type': {
        const name = node.tag === undefined ? node.name : `${node.tag} ${node.name}`;
        return node.size === undefined ? name : [name, '[', this.expression(node.size), ']'];
      }
      case 'pointer-type': {
        const target = this.type(node.target);
        return [target, node.target.kind === 'pointer-type' ? '*' : ' *'];
      }
      case 'array-type': {
        const element = this.type(node.element);
        const count = node.count === undefined ? '' : this.expression(node.count);
        return [element, '[', count, this.closing(node.span), ']'];
      }
      case 'typeof-type':
        return ['typeof(', this.operand(node.operand), this.closing(node.span), ')'];
      default:
        return unreachable(node);
    }
  }
}

/** Is the first word of the text an `if` or a `{`? */
export function startsWithBlock(node: Expression): boolean {
  switch (node.kind) {
    case 'if':
    case 'block':
      return true;
    case 'field':
    case 'tuple-field':
    case 'index':
      return startsWithBlock(node.object);
    case 'binary':
      return startsWithBlock(node.left);
    case 'ternary':
      return startsWithBlock(node.condition);
    case 'update':
      return !node.prefix && startsWithBlock(node.target);
    default:
      return false;
  }
}

export function unreachable(node: never): never {
  throw new TypeError(`unknown node ${JSON.stringify(node)}`);
}
