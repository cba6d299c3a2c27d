/** `__attribute__((…))` and its short forms: those that change layouts are kept, the rest is read over. */
import { type ConstantNames, constantExpression } from './constant.ts';
import type { CCursor } from './cursor.ts';

export interface Attributes {
  packed: boolean;
  /** The largest `aligned`; undefined when there is none. */
  align: number | undefined;
  /** Bytes, by `mode`. */
  mode: 1 | 2 | 4 | 8 | undefined;
}

export function noAttributes(): Attributes {
  return { packed: false, align: undefined, mode: undefined };
}

/** The most that any machine's vectors ask for. */
const BIGGEST = 16;
const MOST_ALIGN = 1n << 16n;
const MODES: Readonly<Record<string, 1 | 2 | 4 | 8>> = {
  QI: 1,
  byte: 1,
  HI: 2,
  SI: 4,
  DI: 8,
  word: 8,
  pointer: 8,
};

/** Reads all that stand here into `into`. */
export function readAttributes(cursor: CCursor, names: ConstantNames, into: Attributes): void {
  for (;;) {
    if (cursor.accept('__packed') !== undefined) into.packed = true;
    else if (cursor.accept('__aligned') !== undefined) align(cursor, names, into);
    else if (cursor.accept('_Alignas') !== undefined || cursor.accept('alignas') !== undefined)
      align(cursor, names, into);
    else if (cursor.accept('__attribute__') !== undefined || cursor.accept('__attribute') !== undefined)
      list(cursor, names, into);
    else if (SPACES.has(cursor.peek().text)) cursor.next();
    else return;
  }
}

/** Address spaces of the kernel's texts, which say nothing of layout. */
const SPACES: ReadonlySet<string> = new Set([
  '__user',
  '__rcu',
  '__kernel',
  '__iomem',
  '__percpu',
  '__force',
]);

function list(cursor: CCursor, names: ConstantNames, into: Attributes): void {
  cursor.expect('(');
  cursor.expect('(');
  while (!cursor.is(')')) {
    if (cursor.accept(',') === undefined) one(cursor, names, into);
  }
  cursor.expect(')');
  cursor.expect(')');
}

function one(cursor: CCursor, names: ConstantNames, into: Attributes): void {
  const { kind, text } = cursor.peek();
  if (kind !== 'word') cursor.fail('an attribute');
  cursor.next();
  switch (text.replace(/^__(.*)__$/, '$1')) {
    case 'packed':
      into.packed = true;
      return;
    case 'aligned':
      align(cursor, names, into);
      return;
    case 'mode': {
      cursor.expect('(');
      const mode = MODES[cursor.peek().text.replaceAll('_', '')];
      if (mode === undefined) cursor.fail('byte, QI, HI, SI or DI');
      cursor.next();
      cursor.expect(')');
      into.mode = mode;
      return;
    }
    default:
      if (cursor.is('(')) skipParentheses(cursor);
  }
}

function align(cursor: CCursor, names: ConstantNames, into: Attributes): void {
  let wanted = BigInt(BIGGEST);
  if (cursor.accept('(') !== undefined) {
    const start = cursor.at;
    wanted = constantExpression(cursor, names).value;
    if (wanted <= 0n || wanted > MOST_ALIGN || (wanted & (wanted - 1n)) !== 0n) {
      cursor.at = start;
      cursor.fail('a power of two');
    }
    cursor.expect(')');
  }
  into.align = Math.max(into.align ?? 1, Number(wanted));
}

/** The parentheses that begin here, with all inside. */
export function skipParentheses(cursor: CCursor): void {
  let depth = 0;
  do {
    const { text, kind } = cursor.next();
    if (kind === 'end') cursor.fail("')'");
    if (kind === 'punctuator' && text === '(') depth++;
    if (kind === 'punctuator' && text === ')') depth--;
  } while (depth > 0);
}
