/**
 * A script that works out random expressions in three ways: of literals, which fold; of variables, which the optimiser
 * may see through; of map elements, which only the running program knows. Results are 64-bit patterns in `@r`.
 */
import { Draw, expression, type Generated, type Leaf, typeText } from './expression.ts';

export const WAYS = ['literals', 'variables', 'map elements'] as const;

export interface ExpressionScript {
  readonly text: string;
  readonly expressions: readonly Generated[];
}

/** Even seeds give plain literals, odd ones casts. */
export function expressionScript(seed: number, count: number): ExpressionScript {
  const draw = new Draw(seed);
  const typed = seed % 2 === 1;
  const expressions: Generated[] = [];
  while (expressions.length < count) expressions.push(expression(draw, 1 + draw.int(4), typed));
  const blocks = expressions.map((one, index) => block(one, index));
  return { text: `begin {\n${blocks.join('\n')}\n}\n`, expressions };
}

function block({ leaves, write }: Generated, index: number): string {
  const first = index * 1000;
  const variables = leaves.map(({ text }, at) => `let $v${at} = ${text};`);
  const elements = leaves.map((leaf, at) => `${element(leaf, first + at)} = ${leaf.text};`);
  const ways = [
    write(({ text }) => text),
    write(({ plain, text }, at) => (plain ? text : `$v${at}`)),
    write((leaf, at) => (leaf.plain ? leaf.text : element(leaf, first + at))),
  ];
  const results = ways.map((text, way) => `@r[${index * WAYS.length + way}] = (uint64)(${text});`);
  return ['{', ...variables, ...elements, ...results, '}'].join(' ');
}

/** A map for each type: the types of one map's values are one type. */
function element({ kind }: Leaf, key: number): string {
  return `@${kind !== 'bool' && kind.flexible ? 'literal' : typeText(kind)}[${key}]`;
}

/** What `@r` holds when all is right. */
export function expectedResults({ expressions }: ExpressionScript): ReadonlyMap<number, bigint> {
  const entries = expressions.flatMap(({ value }, index) =>
    WAYS.map((_, way) => [index * WAYS.length + way, BigInt.asUintN(64, value)] as const),
  );
  return new Map(entries);
}

/** The first result that is wrong, in words. */
export function difference(
  script: ExpressionScript,
  results: ReadonlyMap<number, bigint>,
): string | undefined {
  for (const [key, want] of expectedResults(script)) {
    const found = results.get(key);
    if (found === want) continue;
    const { write } = script.expressions[Math.floor(key / WAYS.length)]!;
    const text = write((leaf) => leaf.text);
    return `${text} is ${want}, of ${WAYS[key % WAYS.length]} ${found ?? 'nothing'}`;
  }
  return undefined;
}
