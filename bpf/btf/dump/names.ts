/**
 * Names in C. BTF lets several types share one: the second in the text becomes `name___2` as with libbpf, where `___` and
 * what follows it is a flavour that CO-RE ignores. Tags (struct, union, enum) are one name space; typedefs, enumerators,
 * functions and variables are the other.
 */
import type { TypeId } from '../type.ts';

/** A type that compilers bring along and let nobody define. */
export const VA_LIST = '__builtin_va_list';

export class Names {
  readonly #tags = new Map<string, number>();
  readonly #identifiers = new Map<string, number>();
  readonly #given = new Map<TypeId, string>();

  /** The tag of a struct, union, enum or forward declaration; the same each time. */
  tag(id: TypeId, name: string): string {
    return this.#nameOf(this.#tags, id, name);
  }

  /** The tag of what is only declared here: a definition of that name elsewhere is meant. */
  declaredTag(name: string): string {
    return safe(name);
  }

  /** The name of a typedef, function or variable; the same each time. */
  identifier(id: TypeId, name: string): string {
    return this.#nameOf(this.#identifiers, id, name);
  }

  /** An enumerator's; unique at each call, since each call writes it once more. */
  enumerator(name: string): string {
    return unique(this.#identifiers, safe(name === '' ? '_unnamed' : name));
  }

  #nameOf(used: Map<string, number>, id: TypeId, name: string): string {
    if (name === '') return '';
    const given = this.#given.get(id);
    if (given !== undefined) return given;
    const fresh = unique(used, safe(name));
    this.#given.set(id, fresh);
    return fresh;
  }
}

function unique(used: Map<string, number>, name: string): string {
  const count = (used.get(name) ?? 0) + 1;
  used.set(name, count);
  return count === 1 ? name : `${name}___${count}`;
}

/** Names of other languages (`core::option::Option<u8>`, `r#auto`) and of damaged files, as C identifiers. */
export function safe(name: string): string {
  if (IDENTIFIER.test(name)) return KEYWORDS.has(name) ? `${name}_` : name;
  const word = name.replace(/\W/g, '_');
  return /^\d/.test(word) ? `_${word}` : word;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** C17's, and GNU's that have no underscores. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'asm auto break case char const continue default do double else enum extern float for goto if inline int long ' +
    'register restrict return short signed sizeof static struct switch typedef typeof union unsigned void volatile while'
  ).split(' '),
);
