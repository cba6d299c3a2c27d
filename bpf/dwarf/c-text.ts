/** Types as C text: `struct file *`, `int (*)(void *, int)`, `char name[16]`. */
import type { DwarfFunctionType, DwarfType, DwarfTypeId } from './type.ts';

/** What text needs of a table of types. */
export interface TypeLookup {
  type(id: DwarfTypeId): DwarfType;
}

/** Types one text may go through: those of a damaged file may go in circles. */
const BUDGET = 512;
const MAX_LENGTH = 4096;
const MAX_PARAMETERS = 64;
const MAX_DIMENSIONS = 16;

/** The declaration of `name` (which may be empty) with this type. What is too long has `...` in it. */
export function cText(types: TypeLookup, id: DwarfTypeId, name = ''): string {
  return new Declarer(types).declare(id, name);
}

/** C reads declarators inside out: each type wraps what was built for the one it is part of. */
class Declarer {
  readonly #types: TypeLookup;
  #budget = BUDGET;

  constructor(types: TypeLookup) {
    this.#types = types;
  }

  declare(id: DwarfTypeId, inner: string): string {
    if (--this.#budget < 0 || inner.length > MAX_LENGTH) return beside('...', inner.slice(0, MAX_LENGTH));
    const type = this.#types.type(id);
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
        return this.#pointer(type.type, '*', inner);
      case 'reference':
        return this.#pointer(type.type, '&', inner);
      case 'rvalue reference':
        return this.#pointer(type.type, '&&', inner);
      case 'const':
      case 'volatile':
      case 'restrict':
        return this.#qualified(type.kind, type.type, inner);
      case 'atomic':
        return this.#qualified('_Atomic', type.type, inner);
      case 'array':
        return this.declare(type.element, `${inner}${dimensions(type.counts)}`);
      case 'function':
        return this.declare(type.returns, `${inner}(${this.#parameters(type)})`);
      default:
        return type satisfies never;
    }
  }

  /** A pointer to an array or a function is bracketed, for `[]` and `()` bind closer. */
  #pointer(target: DwarfTypeId, sign: string, inner: string): string {
    const { kind } = this.#types.type(target);
    const text = `${sign}${inner}`;
    return this.declare(target, kind === 'array' || kind === 'function' ? `(${text})` : text);
  }

  /** A qualifier stands before a name (`const char`), but behind the asterisk it qualifies (`char *const`). */
  #qualified(word: string, target: DwarfTypeId, inner: string): string {
    const { kind } = this.#types.type(target);
    if (kind === 'pointer' || kind === 'reference') return this.declare(target, beside(word, inner));
    return `${word} ${this.declare(target, inner)}`;
  }

  #parameters(type: DwarfFunctionType): string {
    const texts: string[] = [];
    for (const parameter of type.parameters.slice(0, MAX_PARAMETERS)) {
      if (this.#budget > 0) texts.push(this.declare(parameter.type, ''));
    }
    if (type.variadic || texts.length < type.parameters.length) texts.push('...');
    return texts.length === 0 ? 'void' : texts.join(', ');
  }
}

function beside(left: string, inner: string): string {
  return inner === '' || inner.startsWith('[') ? `${left}${inner}` : `${left} ${inner}`;
}

function dimensions(counts: readonly (number | undefined)[]): string {
  return counts
    .slice(0, MAX_DIMENSIONS)
    .map((count) => `[${count ?? ''}]`)
    .join('');
}
