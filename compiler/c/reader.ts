/** Declarations of C: types are kept, variables and functions are read over. */
import type { Diagnostic, DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import { bitfieldWidth, failedAssert, incompleteMember, unknownType } from '../diagnostics/messages.gen.ts';
import { type Attributes, readAttributes, skipParentheses } from './attributes.ts';
import { type ConstantNames, constantExpression } from './constant.ts';
import { CCursor, CFault } from './cursor.ts';
import { type Declarator, readDeclarator } from './declarator.ts';
import type { DeclaredMember } from './layout.ts';
import type { CNames } from './names.ts';
import { readSpecifiers, type Specifiers } from './specifiers.ts';
import type { CToken } from './token.ts';
import { alignOfC, bareC, type CMember, type CType, integerOf, sizeOfC } from './type.ts';
import { type CValue, cValue } from './value.ts';

export class CReader {
  readonly cursor: CCursor;
  readonly table: CNames;
  readonly names: ConstantNames;
  private readonly sink: DiagnosticSink;

  constructor(tokens: readonly CToken[], end: Span, table: CNames, sink: DiagnosticSink) {
    this.cursor = new CCursor(tokens, end, sink);
    this.table = table;
    this.sink = sink;
    this.names = {
      word: (name) => {
        const value = table.constants.get(name);
        return value === undefined ? undefined : constantOf(value);
      },
      measure: (word) => this.measure(word),
      castType: () => this.castType(),
      unknownIsZero: false,
    };
  }

  report(diagnostic: Diagnostic): void {
    this.sink.report(diagnostic);
  }

  /** @throws CFault always */
  unknown(diagnostic: Diagnostic): never {
    this.sink.report(diagnostic);
    throw new CFault();
  }

  /** All declarations. One that is wrong is complained of and left out. */
  all(): void {
    const { cursor } = this;
    while (!cursor.isEnd) {
      const start = cursor.at;
      try {
        this.external();
      } catch (error) {
        if (!(error instanceof CFault)) throw error;
        cursor.skipDeclaration(start);
      }
    }
  }

  private external(): void {
    const { cursor } = this;
    if (cursor.accept(';') !== undefined) return;
    if (cursor.is('_Static_assert') || cursor.is('static_assert')) {
      this.staticAssert();
      return;
    }
    const specifiers = this.specifiers();
    // The `;` behind a definition may be left out in a script.
    if (specifiers.tagged && (cursor.isEnd || cursor.peek().lineStart) && !cursor.is(';')) return;
    if (cursor.accept(';') !== undefined) return;
    this.declarators(specifiers);
  }

  private declarators(specifiers: Specifiers): void {
    const { cursor } = this;
    do {
      const attributes = { ...specifiers.attributes };
      const declarator = readDeclarator(this, specifiers.type, attributes);
      readAttributes(cursor, this.names, attributes);
      if (specifiers.isTypedef) this.typedef(declarator, attributes);
      else if (cursor.is('{')) {
        skipBraces(cursor);
        return;
      } else if (cursor.accept('=') !== undefined) skipInitialiser(cursor);
    } while (cursor.accept(',') !== undefined);
    cursor.expect(';');
  }

  private typedef({ name, type }: Declarator, { align }: Attributes): void {
    if (name === '') this.cursor.fail('a name');
    this.table.addTypedef({ kind: 'typedef', name, type, ...(align !== undefined && { align }) });
  }

  specifiers(): Specifiers {
    const found = readSpecifiers(this);
    if (found !== undefined) return found;
    const { kind, text, span } = this.cursor.peek();
    if (kind === 'word') return this.unknown(unknownType(span, { name: text }));
    return this.cursor.fail('a declaration');
  }

  private staticAssert(): void {
    const { cursor } = this;
    const word = cursor.next();
    cursor.expect('(');
    const { value } = constantExpression(cursor, this.names);
    const text = cursor.accept(',') === undefined ? undefined : cursor.next().text;
    cursor.expect(')');
    cursor.accept(';');
    if (value === 0n) this.report(failedAssert(word.span, { text: text ?? '' }));
  }

  /* ---- members ---- */

  members(): readonly DeclaredMember[] {
    const { cursor } = this;
    const members: DeclaredMember[] = [];
    while (!cursor.is('}')) {
      if (cursor.accept(';') !== undefined) continue;
      if (cursor.is('_Static_assert')) this.staticAssert();
      else this.member(members);
    }
    return members;
  }

  private member(members: DeclaredMember[]): void {
    const { cursor } = this;
    const specifiers = this.specifiers();
    if (cursor.accept(';') !== undefined) {
      const bare = bareC(specifiers.type);
      const isAnonymous = (bare.kind === 'struct' || bare.kind === 'union') && bare.name === '';
      const { type, attributes } = specifiers;
      if (isAnonymous) members.push({ name: '', type, attributes, bits: undefined });
      return;
    }
    do {
      const at = cursor.peek().span;
      const attributes = { ...specifiers.attributes };
      const declarator = cursor.is(':')
        ? { name: '', type: specifiers.type }
        : readDeclarator(this, specifiers.type, attributes);
      const bits = cursor.accept(':') === undefined ? undefined : this.bits(declarator.type);
      readAttributes(cursor, this.names, attributes);
      if (bits === undefined && sizeOfC(declarator.type) === undefined)
        this.unknown(incompleteMember(at, { name: declarator.name }));
      members.push({ ...declarator, attributes, bits });
    } while (cursor.accept(',') !== undefined);
    cursor.expect(';');
  }

  private bits(type: CType): number {
    const at = this.cursor.peek().span;
    const { value } = constantExpression(this.cursor, this.names);
    const integer = integerOf(type);
    const most = BigInt((integer?.size ?? 0) * 8);
    if (value < 0n || value > most) this.unknown(bitfieldWidth(at, { bits: value, most }));
    return Number(value);
  }

  /* ---- types in expressions ---- */

  /** A type without a name, as in casts and `sizeof`; undefined when none begins here. */
  typeName(): CType | undefined {
    const specifiers = readSpecifiers(this);
    return specifiers && readDeclarator(this, specifiers.type).type;
  }

  private castType(): { readonly size: number; readonly signed: boolean } | undefined {
    const { cursor } = this;
    if (cursor.peek().kind !== 'word' || this.table.constants.has(cursor.peek().text)) return undefined;
    const type = this.typeName();
    if (type === undefined) return undefined;
    cursor.expect(')');
    const integer = integerOf(type);
    if (integer !== undefined) return integer;
    return bareC(type).kind === 'ptr' ? { size: 8, signed: false } : cursor.fail('a type of integers');
  }

  private measure(word: string): CValue {
    const { cursor } = this;
    cursor.expect('(');
    const at = cursor.peek().span;
    const type = this.typeName();
    if (type === undefined) return cursor.fail('a type');
    let value: number | undefined;
    if (word.endsWith('offsetof')) {
      cursor.expect(',');
      value = this.memberOffset(type);
    } else value = word === 'sizeof' ? sizeOfC(type) : alignOfC(type);
    if (value === undefined) this.unknown(incompleteMember(at, { name: '' }));
    cursor.expect(')');
    return cValue(BigInt(value), 64, false);
  }

  private memberOffset(type: CType): number {
    const { cursor } = this;
    let bits = 0;
    let at: CType = type;
    do {
      const name = cursor.peek();
      const found = findMember(at, name.text);
      if (found === undefined) return cursor.fail('a member');
      cursor.next();
      bits += found.bitOffset;
      at = found.type;
    } while (cursor.accept('.') !== undefined);
    return bits / 8;
  }
}

/** Through anonymous structs and unions, as C does. */
function findMember(type: CType, name: string): Pick<CMember, 'type' | 'bitOffset'> | undefined {
  const bare = bareC(type);
  if (bare.kind !== 'struct' && bare.kind !== 'union') return undefined;
  for (const member of bare.members ?? []) {
    if (member.name === name) return member;
    const inner = member.name === '' ? findMember(member.type, name) : undefined;
    if (inner !== undefined) return { type: inner.type, bitOffset: member.bitOffset + inner.bitOffset };
  }
  return undefined;
}

function constantOf(value: bigint): CValue {
  const fits = value >= -(1n << 31n) && value < 1n << 31n;
  if (fits) return cValue(value);
  return cValue(value, 64, value < 1n << 63n);
}

function skipBraces(cursor: CCursor): void {
  let depth = 0;
  do {
    const { text, kind } = cursor.next();
    if (kind === 'end') cursor.fail("'}'");
    if (kind === 'punctuator' && text === '{') depth++;
    if (kind === 'punctuator' && text === '}') depth--;
  } while (depth > 0);
}

function skipInitialiser(cursor: CCursor): void {
  while (!cursor.isEnd && !cursor.is(',') && !cursor.is(';')) {
    if (cursor.is('{')) skipBraces(cursor);
    else if (cursor.is('(')) skipParentheses(cursor);
    else cursor.next();
  }
}
