/** Types as C text: `struct file *`, `int (*)(void *, int)`, `char name[16]`. */
import type { DwarfFunctionType, DwarfType, DwarfTypeId } from './type.ts';

/** What text needs of a table of types. */
export interface TypeLookup {
  type(id: DwarfTypeId): DwarfType;
}

/** A chain of types in a program is far shorter; one in a damaged file may be a ring. */
const MAX_DEPTH = 64;
const MAX_LENGTH = 4096;

/** The declaration of `name` (which may be empty) with this type. */
export function cText(types: TypeLookup, id: DwarfTypeId, name = ''): string {
  return declare(types, id, name, MAX_DEPTH);
}

/** C reads declarators inside out: each type wraps what was built for the one it is part of. */
function declare(types: TypeLookup, id: DwarfTypeId, inner: string, depth: number): string {
  if (depth === 0 || inner.length > MAX_LENGTH) return beside('...', inner);
  const type = types.type(id);
  const next = (outer: DwarfTypeId, text: string): string => declare(types, outer, text, depth - 1);
  switch (type.kind) {
    case 'void':
      return beside('void', inner);
    case 'base':
    case 'typedef':
      return beside(type.name, inner);
    case 'unknown':
      return beside(type.name === '' ? '?' : type.name, inner);
    case 'struct':
    case 'union':
    case 'class':
    case 'enum':
      return beside(type.name === '' ? `${type.kind} {...}` : `${type.kind} ${type.name}`, inner);
    case 'pointer':
      return next(type.type, pointerText(types, type.type, '*', inner));
    case 'reference':
      return next(type.type, pointerText(types, type.type, '&', inner));
    case 'rvalue reference':
      return next(type.type, pointerText(types, type.type, '&&', inner));
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'atomic':
      return qualified(types, type.kind === 'atomic' ? '_Atomic' : type.kind, type.type, inner, next);
    case 'array':
      return next(type.element, `${inner}${type.counts.map((count) => `[${count ?? ''}]`).join('')}`);
    case 'function':
      return next(type.returns, `${inner}(${parametersText(types, type, depth)})`);
    default:
      return type satisfies never;
  }
}

function beside(left: string, inner: string): string {
  return inner === '' || inner.startsWith('[') ? `${left}${inner}` : `${left} ${inner}`;
}

/** A pointer to an array or a function is bracketed, for `[]` and `()` bind closer. */
function pointerText(types: TypeLookup, target: DwarfTypeId, sign: string, inner: string): string {
  const { kind } = types.type(target);
  const text = `${sign}${inner}`;
  return kind === 'array' || kind === 'function' ? `(${text})` : text;
}

/** A qualifier stands before a name (`const char`), but behind the asterisk it qualifies (`char *const`). */
function qualified(
  types: TypeLookup,
  word: string,
  target: DwarfTypeId,
  inner: string,
  next: (outer: DwarfTypeId, text: string) => string,
): string {
  const { kind } = types.type(target);
  if (kind === 'pointer' || kind === 'reference') return next(target, beside(word, inner));
  return `${word} ${next(target, inner)}`;
}

function parametersText(types: TypeLookup, type: DwarfFunctionType, depth: number): string {
  const texts = type.parameters
    .slice(0, MAX_DEPTH)
    .map((parameter) => declare(types, parameter.type, '', Math.min(depth - 1, 8)));
  if (type.variadic) texts.push('...');
  return texts.length === 0 ? 'void' : texts.join(', ');
}
