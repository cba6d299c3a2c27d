/** Type specifiers: the words in front of a declaration's names. */
import { redefinition, unknownType } from '../diagnostics/messages.gen.ts';
import { type Attributes, noAttributes, readAttributes } from './attributes.ts';
import { constantExpression } from './constant.ts';
import { layOut } from './layout.ts';
import { BOOL, CHAR, type CTag, INT } from './names.ts';
import type { CReader } from './reader.ts';
import type { CComposite, CEnum, CFloat, CInteger, CQualified, CType } from './type.ts';

export interface Specifiers {
  readonly type: CType;
  readonly isTypedef: boolean;
  /** Of the declaration as a whole, before its names. */
  readonly attributes: Attributes;
  /** A struct, union or enum of its own was written out or named. */
  readonly tagged: boolean;
}

const STORAGE: ReadonlySet<string> = new Set([
  ...['extern', 'static', 'register', 'inline', '__inline', '__inline__', '_Noreturn', 'auto'],
  '__extension__',
]);
const QUALIFIERS: Readonly<Record<string, CQualified['kind'] | 'none'>> = {
  const: 'const',
  __const: 'const',
  __const__: 'const',
  volatile: 'volatile',
  __volatile__: 'volatile',
  restrict: 'restrict',
  __restrict: 'restrict',
  __restrict__: 'restrict',
  _Atomic: 'none',
};
const TAGS: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);
const WORDS: ReadonlySet<string> = new Set([
  ...['char', 'short', 'int', 'long', 'signed', '__signed__', '__signed', 'unsigned', 'float', 'double'],
  ...['_Bool', 'bool', '__int128', '__int128_t', '__uint128_t'],
]);

/** Undefined when no type begins here. */
export function readSpecifiers(reader: CReader): Specifiers | undefined {
  const { cursor } = reader;
  const attributes = noAttributes();
  const qualifiers: CQualified['kind'][] = [];
  const words: string[] = [];
  let type: CType | undefined;
  let isTypedef = false;
  let tagged = false;
  for (;;) {
    readAttributes(cursor, reader.names, attributes);
    const { kind, text } = cursor.peek();
    if (kind !== 'word') break;
    const qualifier = Object.hasOwn(QUALIFIERS, text) ? QUALIFIERS[text] : undefined;
    if (text === 'typedef') isTypedef = true;
    else if (qualifier !== undefined) {
      if (qualifier !== 'none') qualifiers.push(qualifier);
    } else if (text === 'bool' && (type !== undefined || words.length > 0)) break;
    else if (WORDS.has(text)) words.push(text);
    else if (!STORAGE.has(text)) {
      if (type !== undefined || words.length > 0) break;
      if (TAGS.has(text)) {
        type = readTag(reader);
        tagged = true;
        continue;
      }
      type = text === 'void' ? { kind: 'void' } : reader.table.typeName(text);
      if (type === undefined) break;
    }
    cursor.next();
  }
  if (type === undefined && words.length === 0) {
    if (!isTypedef && qualifiers.length === 0) return undefined;
    const { kind, text, span } = cursor.peek();
    if (kind !== 'word') cursor.fail('a type');
    reader.unknown(unknownType(span, { name: text }));
  }
  const base = type ?? baseType(reader, words);
  const qualified = qualifiers.reduce<CType>((inner, kind) => ({ kind, type: inner }), base);
  return { type: qualified, isTypedef, attributes, tagged };
}

function baseType(reader: CReader, words: readonly string[]): CInteger | CFloat {
  const count = (word: string): number => words.filter((one) => one === word).length;
  const unsigned = count('unsigned') > 0 || count('__uint128_t') > 0;
  const longs = count('long');
  if (count('float') > 0) return { kind: 'float', name: 'float', size: 4 };
  if (count('double') > 0)
    return longs > 0
      ? { kind: 'float', name: 'long double', size: 16 }
      : { kind: 'float', name: 'double', size: 8 };
  if (count('_Bool') + count('bool') > 0) return BOOL;
  const prefix = unsigned ? 'unsigned ' : '';
  const make = (name: string, size: CInteger['size']): CInteger => ({
    kind: 'int',
    name: `${prefix}${name}`,
    size,
    signed: !unsigned,
  });
  if (words.some((word) => word.includes('128'))) return make('__int128', 16);
  if (count('char') > 0) {
    const isSigned = words.some((word) => word.includes('signed') && word !== 'unsigned');
    return isSigned
      ? { kind: 'int', name: 'signed char', size: 1, signed: true }
      : unsigned
        ? make('char', 1)
        : CHAR;
  }
  if (count('short') > 0) return make('short', 2);
  if (longs > 2) reader.cursor.fail('fewer `long`');
  if (longs === 2) return make('long long', 8);
  if (longs === 1) return make('long', 8);
  return unsigned ? make('int', 4) : INT;
}

/* ---- struct, union, enum ---- */

function readTag(reader: CReader): CType {
  const { cursor } = reader;
  const tag = cursor.next().text as CTag;
  const attributes = noAttributes();
  readAttributes(cursor, reader.names, attributes);
  const name = cursor.peek().kind === 'word' ? cursor.next() : undefined;
  if (!cursor.is('{')) {
    if (name === undefined) return cursor.fail('a name or {');
    return reader.table.tag(tag, name.text) ?? reader.table.ownTag(tag, name.text);
  }
  const own = reader.table.ownTag(tag, name?.text ?? '');
  const at = name?.span ?? cursor.peek().span;
  if (own.definedAt !== undefined) {
    const related = [{ message: 'This is the initial definition.', span: own.definedAt }];
    reader.report(redefinition(at, { name: `${tag} ${own.name}` }, { related }));
  }
  if (own.kind === 'enum') readEnum(reader, own, attributes);
  else readComposite(reader, own, attributes);
  own.definedAt = at;
  reader.table.defined.push(own);
  return own;
}

function readComposite(reader: CReader, own: CComposite, attributes: Attributes): void {
  const { cursor } = reader;
  cursor.expect('{');
  const declared = cursor.nested(() => reader.members());
  cursor.expect('}');
  readAttributes(cursor, reader.names, attributes);
  const { members, size, align } = layOut(own.kind, declared, attributes);
  own.members = members;
  own.size = size;
  own.align = align;
}

function readEnum(reader: CReader, own: CEnum, attributes: Attributes): void {
  const { cursor } = reader;
  const values: { name: string; value: bigint }[] = [];
  cursor.expect('{');
  let next = 0n;
  while (!cursor.is('}')) {
    const name = cursor.peek();
    if (name.kind !== 'word') cursor.fail('the name of an enumerator');
    cursor.next();
    readAttributes(cursor, reader.names, noAttributes());
    if (cursor.accept('=') !== undefined) next = constantExpression(cursor, reader.names).value;
    values.push({ name: name.text, value: next });
    reader.table.constants.set(name.text, next);
    next++;
    if (cursor.accept(',') === undefined) break;
  }
  cursor.expect('}');
  readAttributes(cursor, reader.names, attributes);
  own.values = values;
  const signed = values.some(({ value }) => value < 0n);
  own.signed = signed;
  own.size =
    attributes.mode ??
    enumSize(
      values.map(({ value }) => value),
      signed,
      attributes.packed,
    );
}

function enumSize(values: readonly bigint[], signed: boolean, packed: boolean): 1 | 2 | 4 | 8 {
  for (const size of [1, 2, 4] as const) {
    if (!packed && size < 4) continue;
    const bits = BigInt(size * 8 - (signed ? 1 : 0));
    if (values.every((value) => value < 1n << bits && value >= (signed ? -(1n << bits) : 0n))) return size;
  }
  return 8;
}
