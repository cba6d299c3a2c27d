/** Types as C text: `struct file *`, `int (*)(void *, int)`, `char name[16]`. */
import { bracketed, declaration, pointerTo } from '../c-declarator.ts';
import type {
  DwarfArray,
  DwarfFunctionType,
  DwarfModifier,
  DwarfPointer,
  DwarfType,
  DwarfTypeId,
} from './type.ts';

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

class Declarer {
  readonly #types: TypeLookup;
  #budget = BUDGET;

  constructor(types: TypeLookup) {
    this.#types = types;
  }

  declare(id: DwarfTypeId, name: string): string {
    let declarator = name;
    let qualifiers: string[] = [];
    for (let current = id; ; ) {
      if (--this.#budget < 0 || declarator.length > MAX_LENGTH) {
        return declaration('...', declarator.slice(0, MAX_LENGTH));
      }
      const type = this.#types.type(current);
      switch (type.kind) {
        case 'const':
        case 'volatile':
        case 'restrict':
        case 'atomic':
          qualifiers.push(type.kind === 'atomic' ? '_Atomic' : type.kind);
          current = type.type;
          break;
        case 'pointer':
        case 'reference':
        case 'rvalue reference':
          declarator = pointerTo(SIGNS[type.kind], qualifiers, declarator);
          qualifiers = [];
          current = type.type;
          break;
        case 'array':
          // A qualified array is one of qualified elements.
          declarator = `${bracketed(declarator)}${dimensions(type.counts)}`;
          current = type.element;
          break;
        case 'function':
          // Compilers mark functions that never return as volatile; C has no place for it.
          declarator = `${bracketed(declarator)}(${this.#parameters(type)})`;
          qualifiers = [];
          current = type.returns;
          break;
        case 'void':
        case 'base':
        case 'typedef':
        case 'struct':
        case 'union':
        case 'class':
        case 'enum':
        case 'unknown':
          return declaration([...qualifiers, specifier(type)].join(' '), declarator);
        default:
          return type satisfies never;
      }
    }
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

const SIGNS = { pointer: '*', reference: '&', 'rvalue reference': '&&' } as const;

type NamedType = Exclude<DwarfType, DwarfArray | DwarfFunctionType | DwarfModifier | DwarfPointer>;

function specifier(type: NamedType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'base':
    case 'typedef':
      return type.name;
    case 'unknown':
      return type.name === '' ? '?' : type.name;
    default:
      return `${type.kind} ${type.name === '' ? '{...}' : type.name}`;
  }
}

function dimensions(counts: readonly (number | undefined)[]): string {
  return counts
    .slice(0, MAX_DIMENSIONS)
    .map((count) => `[${count ?? ''}]`)
    .join('');
}
