/** Types as the user writes them: `uint64`, `string[16]`, `int8 *`, `typeof(@x)`. */
import { argumentLiteral, inferredArray, unknownType } from '../diagnostics/messages.gen.ts';
import { findEntry } from '../library/index.ts';
import { nearest } from '../resolve/suggest.ts';
import type { Expression, NamedType, TypeSyntax } from '../syntax/ast.ts';
import { array, BOOL, integer, NONE, pointer, string } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import { operandType } from './type-operand.ts';

const INTEGERS: Readonly<Record<string, readonly [1 | 2 | 4 | 8, boolean]>> = {
  int8: [1, true],
  int16: [2, true],
  int32: [4, true],
  int64: [8, true],
  uint8: [1, false],
  uint16: [2, false],
  uint32: [4, false],
  uint64: [8, false],
  int8_t: [1, true],
  int16_t: [2, true],
  int32_t: [4, true],
  int64_t: [8, true],
  uint8_t: [1, false],
  uint16_t: [2, false],
  uint32_t: [4, false],
  uint64_t: [8, false],
  char: [1, true],
  short: [2, true],
  int: [4, true],
  long: [8, true],
  size_t: [8, false],
  ssize_t: [8, true],
  u8: [1, false],
  u16: [2, false],
  u32: [4, false],
  u64: [8, false],
  s8: [1, true],
  s16: [2, true],
  s32: [4, true],
  s64: [8, true],
  pid_t: [4, true],
};

export function typeFromSyntax(checker: Checker, syntax: TypeSyntax): Type | undefined {
  switch (syntax.kind) {
    case 'named-type':
      return named(checker, syntax);
    case 'pointer-type': {
      const target = typeFromSyntax(checker, syntax.target);
      return target && pointer(target, 'none');
    }
    case 'array-type': {
      const element = typeFromSyntax(checker, syntax.element);
      if (syntax.count === undefined) {
        checker.report(inferredArray(syntax.span));
        return undefined;
      }
      const count = size(checker, syntax.count);
      return element && count !== undefined ? array(element, count) : undefined;
    }
    case 'typeof-type':
      return operandType(checker, syntax.operand);
  }
}

export function isTypeSyntax(node: Expression | TypeSyntax): node is TypeSyntax {
  return node.kind.endsWith('-type');
}

/** Whether a bare word is a type of C and nothing else: the parser tells only types of the language from values. */
export function isTypeName({ model: { typeTable } }: Checker, name: string): boolean {
  if (findEntry(name) !== undefined || typeTable.constant(name) !== undefined) return false;
  return Object.hasOwn(INTEGERS, name) || typeTable.find(name) !== undefined;
}

function named(checker: Checker, syntax: NamedType): Type | undefined {
  const { name } = syntax;
  if (syntax.tag !== undefined) return cType(checker, syntax);
  if (name === 'string') {
    const bytes = syntax.size === undefined ? checker.model.settings.maxStrlen : size(checker, syntax.size);
    return bytes === undefined ? undefined : string(bytes);
  }
  if (name === 'bool') return BOOL;
  if (name === 'void') return NONE;
  const found = Object.hasOwn(INTEGERS, name) ? INTEGERS[name] : undefined;
  if (found !== undefined) return integer(...found);
  if (
    /^(buffer|inet|u?(sum|min|max|avg|stats)_t|count_t|hist_t|lhist_t|tseries_t|kstack|ustack|ksym_t|usym_t|timestamp|macaddr_t|cgroup_path_t|username_t)$/.test(
      name,
    )
  ) {
    return checker.unsupported(syntax.span, `the type ${name} here`);
  }
  return cType(checker, syntax);
}

/** A type of C that the script defines or the kernel has: `struct file`, `size_t`. */
function cType(checker: Checker, { name, tag, span }: NamedType): Type | undefined {
  const { typeTable, mockSymbols } = checker.model;
  const found = typeTable.find(name, tag);
  if (found !== undefined || mockSymbols || checker.phase === 'infer') return found;
  const full = tag === undefined ? name : `${tag} ${name}`;
  const own = tag === undefined ? [...Object.keys(INTEGERS), 'string', 'bool'] : [];
  const near = nearest(name, [...own, ...typeTable.names(tag)]);
  const suggestion = tag === undefined ? near : `${tag} ${near}`;
  const hints =
    near !== undefined
      ? [`did you mean '${suggestion}'?`]
      : typeTable.isEmpty
        ? [`${checker.model.kernel.name} tells no types of C: --target linux-6.1 has those of a kernel`]
        : [];
  checker.unknownName(unknownType(span, { name: full }, { hints }));
  return undefined;
}

function size(checker: Checker, expression: Expression): number | undefined {
  checker.type(expression);
  const constant = checker.constant(expression);
  if (constant?.kind === 'integer' && constant.value >= 1n && constant.value <= 65536n)
    return Number(constant.value);
  checker.report(argumentLiteral(expression.span, { name: 'type', wanted: 'a size from 1 to 65536' }));
  return undefined;
}
