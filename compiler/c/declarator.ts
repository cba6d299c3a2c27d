/** Declarators: what stands around a name and makes pointers, arrays and functions of the type in front. */
import { arraySize } from '../diagnostics/messages.gen.ts';
import { type Attributes, noAttributes, readAttributes } from './attributes.ts';
import { constantExpression } from './constant.ts';
import type { CReader } from './reader.ts';
import { readSpecifiers } from './specifiers.ts';
import type { CFunction, CType } from './type.ts';

export interface Declarator {
  /** Empty in a type name and in parameters without one. */
  readonly name: string;
  readonly type: CType;
}

/** What a declarator does to the type it is given, innermost last. */
type Wrap = (type: CType) => CType;

/** C's own limit is no smaller. */
const MOST_BYTES = 1n << 31n;

/** Attributes of the name, wherever they stand, go into `attributes`. */
export function readDeclarator(
  reader: CReader,
  base: CType,
  attributes: Attributes = noAttributes(),
): Declarator {
  const { name, wrap } = reader.cursor.nested(() => declarator(reader, attributes));
  return { name, type: wrap(base) };
}

function declarator(reader: CReader, attributes: Attributes): { readonly name: string; readonly wrap: Wrap } {
  const { cursor } = reader;
  readAttributes(cursor, reader.names, attributes);
  if (cursor.accept('*') === undefined) return direct(reader, attributes);
  const qualifiers: ('const' | 'volatile' | 'restrict')[] = [];
  for (;;) {
    readAttributes(cursor, reader.names, attributes);
    const qualifier = /^_*(const|volatile|restrict)_*$/.exec(cursor.peek().text)?.[1];
    if (qualifier !== undefined) qualifiers.push(qualifier as 'const');
    else if (!cursor.is('_Nullable') && !cursor.is('_Nonnull')) break;
    cursor.next();
  }
  const inner = cursor.nested(() => declarator(reader, attributes));
  return {
    name: inner.name,
    wrap: (type) =>
      inner.wrap(
        qualifiers.reduce<CType>((made, kind) => ({ kind, type: made }), { kind: 'ptr', target: type }),
      ),
  };
}

function direct(reader: CReader, attributes: Attributes): { readonly name: string; readonly wrap: Wrap } {
  const { cursor } = reader;
  let name = '';
  let inner: Wrap = (type) => type;
  if (cursor.is('(') && beginsDeclarator(reader)) {
    cursor.next();
    const nested = cursor.nested(() => declarator(reader, attributes));
    cursor.expect(')');
    ({ name } = nested);
    inner = nested.wrap;
  } else if (cursor.peek().kind === 'word') name = cursor.next().text;
  readAttributes(cursor, reader.names, attributes);
  const suffixes: Wrap[] = [];
  for (;;) {
    if (cursor.is('[')) suffixes.push(arraySuffix(reader));
    else if (cursor.is('(')) suffixes.push(functionSuffix(reader));
    else break;
  }
  return { name, wrap: (type) => inner(suffixes.reduceRight((made, suffix) => suffix(made), type)) };
}

/** `(*f)`, `(name)`, `((…` and not the parameters of a function without a name. */
function beginsDeclarator(reader: CReader): boolean {
  const { cursor } = reader;
  const { kind, text } = cursor.peek(1);
  if (kind === 'punctuator') return text === '*' || text === '(' || text === '[';
  if (kind !== 'word') return false;
  if (text.startsWith('__attribute')) return true;
  return !isTypeStart(reader, text);
}

const TYPE_STARTS =
  /^(?:void|char|short|int|long|signed|unsigned|float|double|_Bool|bool|struct|union|enum|const|volatile|__int128)$/;

function isTypeStart(reader: CReader, word: string): boolean {
  return TYPE_STARTS.test(word) || reader.table.typeName(word) !== undefined;
}

function arraySuffix(reader: CReader): Wrap {
  const { cursor } = reader;
  cursor.expect('[');
  while (cursor.is('static') || cursor.is('const') || cursor.is('restrict')) cursor.next();
  const at = cursor.peek().span;
  const value = cursor.is(']') ? 0n : constantExpression(cursor, reader.names).value;
  if (value < 0n || value > MOST_BYTES) reader.unknown(arraySize(at, { count: value }));
  cursor.expect(']');
  return (element) => ({ kind: 'array', element, count: Number(value) });
}

function functionSuffix(reader: CReader): Wrap {
  const { cursor } = reader;
  cursor.expect('(');
  const parameters: CFunction['parameters'][number][] = [];
  let variadic = false;
  while (!cursor.is(')')) {
    if (cursor.accept('...') !== undefined) {
      variadic = true;
      break;
    }
    const specifiers = readSpecifiers(reader) ?? cursor.fail('a parameter');
    const { name, type } = readDeclarator(reader, specifiers.type);
    parameters.push({ name, type: type.kind === 'array' ? { kind: 'ptr', target: type.element } : type });
    if (cursor.accept(',') === undefined) break;
  }
  cursor.expect(')');
  const [only] = parameters;
  const none = parameters.length === 1 && only!.type.kind === 'void' && only!.name === '';
  return (returns) => ({ kind: 'function', returns, parameters: none ? [] : parameters, variadic });
}
