/** The tree as an indented list, one node a line: what `--emit ast` and `-d ast` show and the golden cases compare. */
import type {
  AttachPointSyntax,
  Expression,
  FunctionDefinition,
  Item,
  MacroDefinition,
  Probe,
  Script,
  Statement,
  TypeSyntax,
} from './ast.ts';
import { isType, printExpression, printType } from './print-source.ts';

/** A line and the lines under it. */
interface Line {
  readonly text: string;
  readonly under: readonly Line[];
}

export function printScript(script: Script): string {
  const under: Line[] = [];
  if (script.shebang !== undefined) under.push(line(`shebang ${script.shebang}`));
  for (const { kind, text } of script.preamble) under.push(line(`${kind} ${JSON.stringify(text)}`));
  if (script.config) {
    const entries = script.config.entries.map(({ key, value }) => {
      const quoted = typeof value.value === 'string' && !value.bare;
      return line(`${key.name} = ${quoted ? JSON.stringify(value.value) : value.value}`);
    });
    under.push(line('config', entries));
  }
  for (const { path } of script.imports) under.push(line(`import ${JSON.stringify(path)}`));
  return print(line('script', [...under, ...script.items.map(itemLine)]), 0);
}

function print({ text, under }: Line, depth: number): string {
  return `${' '.repeat(depth)}${text}\n${under.map((child) => print(child, depth + 1)).join('')}`;
}

function line(text: string, under: readonly Line[] = []): Line {
  return { text, under };
}

function itemLine(item: Item): Line {
  switch (item.kind) {
    case 'probe':
      return probeLine(item);
    case 'macro':
      return macroLine(item);
    case 'function':
      return functionLine(item);
    case 'map-declaration':
      return line(
        `map-declaration @${item.map.name} = ${item.mapType.name}(${printExpression(item.maxEntries)})`,
      );
    case 'error-item':
      return line('error-item');
    default:
      return unreachable(item);
  }
}

function probeLine(probe: Probe): Line {
  const predicate = probe.predicate ? [line('predicate', [expressionLine(probe.predicate)])] : [];
  return line('probe', [
    ...probe.attachPoints.map(attachPointLine),
    ...predicate,
    expressionLine(probe.body),
  ]);
}

/** Parts are set apart by ` | `; quoted ones keep their quotes. */
function attachPointLine({ name, parts }: AttachPointSyntax): Line {
  const text = parts.map((part) => (part.quoted ? JSON.stringify(part.text) : part.text)).join(' | ');
  return line(`attach-point ${name ? `${name.name} = ` : ''}${text}`);
}

function macroLine(macro: MacroDefinition): Line {
  const sigils = { variable: '$', map: '@', expression: '' } as const;
  const parameters = macro.parameters.map(({ passing, name }) => `${sigils[passing]}${name}`).join(', ');
  return line(`macro ${macro.name.name}(${parameters})`, [expressionLine(macro.body)]);
}

function functionLine(fn: FunctionDefinition): Line {
  const parameters = fn.parameters.map(({ name, type }) => `$${name.name} : ${printType(type)}`).join(', ');
  return line(`fn ${fn.name.name}(${parameters}) : ${printType(fn.result)}`, [expressionLine(fn.body)]);
}

function statementLine(node: Statement): Line {
  switch (node.kind) {
    case 'expression-statement':
      return expressionLine(node.expression);
    case 'assign':
      return line(`assign ${node.operator}`, [expressionLine(node.target), expressionLine(node.value)]);
    case 'discard':
      return line('discard', [expressionLine(node.value)]);
    case 'let': {
      const type = node.type ? ` : ${printType(node.type)}` : '';
      return line(`let $${node.variable.name}${type}`, node.value ? [expressionLine(node.value)] : []);
    }
    case 'for': {
      const { over } = node;
      const overLine =
        over.kind === 'range'
          ? line('range', [over.start, over.end].map(expressionLine))
          : expressionLine(over);
      return line(`for $${node.variable.name}`, [overLine, expressionLine(node.body)]);
    }
    case 'while':
      return line('while', [node.condition, node.body].map(expressionLine));
    case 'unroll':
      return line('unroll', [node.count, node.body].map(expressionLine));
    case 'return':
    case 'break':
    case 'continue':
      return line(node.kind, node.value ? [expressionLine(node.value)] : []);
    case 'import-statement':
      return line(`import ${JSON.stringify(node.path)}`);
    case 'error-statement':
      return line('error-statement');
    default:
      return unreachable(node);
  }
}

function operandLine(node: Expression | TypeSyntax): Line {
  return isType(node) ? line(`type ${printType(node)}`) : expressionLine(node);
}

function expressionLine(node: Expression): Line {
  switch (node.kind) {
    case 'integer':
      return line(`integer ${node.value}${node.duration ? ' ns' : ''}`);
    case 'string':
    case 'boolean':
      return line(`${node.kind} ${printExpression(node)}`);
    case 'positional':
    case 'positional-count':
    case 'variable':
    case 'map':
    case 'identifier':
      return line(`${node.kind} ${printExpression(node)}`);
    case 'map-access':
      return line(`map-access @${node.map.name}`, [expressionLine(node.key)]);
    case 'field':
      return line(`field ${node.arrow ? '->' : '.'}${node.field.name}`, [expressionLine(node.object)]);
    case 'tuple-field':
      return line(`tuple-field .${node.index}`, [expressionLine(node.object)]);
    case 'index':
      return line('index', [node.object, node.index].map(expressionLine));
    case 'call':
      return line(`call ${node.callee.name}`, node.arguments.map(operandLine));
    case 'unary':
      return line(`unary ${node.operator}`, [expressionLine(node.operand)]);
    case 'update':
      return line(`update ${node.prefix ? 'prefix' : 'postfix'} ${node.operator}`, [
        expressionLine(node.target),
      ]);
    case 'binary':
      return line(`binary ${node.operator}`, [node.left, node.right].map(expressionLine));
    case 'ternary': {
      const { condition, then, otherwise } = node;
      return line(
        'ternary',
        (then ? [condition, then, otherwise] : [condition, otherwise]).map(expressionLine),
      );
    }
    case 'if': {
      const { condition, then, otherwise } = node;
      return line('if', (otherwise ? [condition, then, otherwise] : [condition, then]).map(expressionLine));
    }
    case 'block': {
      const result = node.result ? [line('result', [expressionLine(node.result)])] : [];
      return line('block', [...node.statements.map(statementLine), ...result]);
    }
    case 'comptime':
      return line('comptime', [expressionLine(node.value)]);
    case 'cast':
      return line(`cast ${printType(node.type)}`, [expressionLine(node.value)]);
    case 'tuple':
      return line('tuple', node.elements.map(expressionLine));
    case 'record':
      return line(
        'record',
        node.fields.map(({ name, value }) => line(`${name.name} =`, [expressionLine(value)])),
      );
    case 'sizeof':
    case 'typeof':
    case 'typeinfo':
      return line(node.kind, [operandLine(node.operand)]);
    case 'offsetof':
      return line(`offsetof .${node.path.map((field) => field.name).join('.')}`, [operandLine(node.operand)]);
    case 'error-expression':
      return line('error-expression');
    default:
      return unreachable(node);
  }
}

function unreachable(node: never): never {
  throw new TypeError(`unknown node ${JSON.stringify(node)}`);
}
