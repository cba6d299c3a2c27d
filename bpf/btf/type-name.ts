/**
 * A type in one line of C, for messages: `struct task_struct *`, `int (*)(void *)`, `char[16]`. Bodies of structs are left
 * out.
 */
import { bracketed, declaration, pointerTo } from '../c-declarator.ts';
import type { Btf } from './btf.ts';
import type { BtfPrototype, TypeId } from './type.ts';

/** Types one name may go through: hostile pointers and prototypes go in circles. */
const BUDGET = 256;

/** With `name`, its declaration: `char comm[16]`. What is too long ends in `…`. */
export function typeName(btf: Btf, id: TypeId, name = ''): string {
  return new Namer(btf).declare(id, name);
}

class Namer {
  readonly #btf: Btf;
  #budget = BUDGET;

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  /** Goes from the outermost type inwards, as C's declarators wind around the name. */
  declare(id: TypeId, name: string): string {
    let declarator = name;
    let qualifiers: string[] = [];
    for (let current = id; ; ) {
      if (--this.#budget < 0) return declaration('…', declarator);
      const type = this.#btf.type(current);
      switch (type.kind) {
        case 'const':
        case 'volatile':
        case 'restrict':
          qualifiers.push(type.kind);
          current = type.type;
          break;
        case 'type_tag':
          qualifiers.push(type.attribute ? `__attribute__((${type.name}))` : `__${type.name}`);
          current = type.type;
          break;
        case 'ptr':
          declarator = pointerTo('*', qualifiers, declarator);
          qualifiers = [];
          current = type.type;
          break;
        case 'array':
          declarator = `${bracketed(declarator)}[${type.count === 0 ? '' : type.count}]`;
          current = type.element;
          break;
        case 'func_proto':
          // GCC marks functions that never return as volatile; C has no place for it.
          declarator = `${bracketed(declarator)}(${this.#parameters(type)})`;
          qualifiers = [];
          current = type.returns;
          break;
        case 'func':
        case 'var':
          declarator = declarator === '' ? type.name : declarator;
          current = type.type;
          break;
        default:
          return declaration(qualified(qualifiers, this.#specifier(current)), declarator);
      }
    }
  }

  #parameters({ parameters }: BtfPrototype): string {
    if (parameters.length === 0) return 'void';
    const texts: string[] = [];
    for (const [index, { name, type }] of parameters.entries()) {
      if (this.#budget <= 0) return [...texts, '…'].join(', ');
      const isRest = type === 0 && name === '' && index === parameters.length - 1;
      texts.push(isRest ? '...' : this.declare(type, ''));
    }
    return texts.join(', ');
  }

  /** A type that is a name. */
  #specifier(id: TypeId): string {
    const type = this.#btf.type(id);
    switch (type.kind) {
      case 'void':
        return 'void';
      case 'int':
      case 'float':
      case 'typedef':
        return type.name;
      case 'struct':
      case 'union':
        return type.name === '' ? `${type.kind} {...}` : `${type.kind} ${type.name}`;
      case 'fwd':
        return `${type.of} ${type.name}`;
      case 'enum':
      case 'enum64':
        return type.name === '' ? 'enum {...}' : `enum ${type.name}`;
      default:
        return `${type.kind} ${this.#btf.nameOf(id)}`;
    }
  }
}

/** C's qualifiers before the name, the kernel's tags (`__user`) after it. */
function qualified(qualifiers: readonly string[], specifier: string): string {
  const isTag = (word: string): boolean => word.startsWith('__');
  return [...qualifiers.filter((word) => !isTag(word)), specifier, ...qualifiers.filter(isTag)].join(' ');
}
