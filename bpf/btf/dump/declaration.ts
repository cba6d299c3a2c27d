/**
 * Declarations: a name and its type in C's inside-out order. The type is walked from the name outwards and the declarator
 * grows around the name: `*` before it, `[n]` and `(parameters)` behind it, parentheses where a pointer stands inside.
 *
 *     ptr -> func_proto -> ptr -> const -> char, name f:   f   *f   (*f)(int)   *(*f)(int)   const char *(*f)(int)
 */
import type { Btf } from '../btf.ts';
import type { BtfModifier, BtfPrototype, TypeId } from '../type.ts';
import { attributeOf } from './attributes.ts';
import { safe } from './names.ts';
import { UndumpableType, type Work } from './work.ts';

type Qualifier = BtfModifier['kind'];

/** What a declaration ends at: `int`, `struct task_struct`, or the whole text of an anonymous struct. */
export type BaseText = (id: TypeId, level: number) => string;

interface Declarator {
  readonly text: string;
  /** What was put around it last; it decides on parentheses and spaces. */
  readonly outer: 'name' | 'pointer' | 'qualified' | 'pointer-array' | 'array' | 'function' | 'tag';
}

export class Declarations {
  readonly #btf: Btf;
  readonly #work: Work;
  readonly #base: BaseText;

  constructor(btf: Btf, work: Work, base: BaseText) {
    this.#btf = btf;
    this.#work = work;
    this.#base = base;
  }

  /** `type name`, without a semicolon. `level` indents what is defined inside it. */
  declare(type: TypeId, name: string, level: number): string {
    return this.#work.nested(type, () => this.#declare(type, name, level));
  }

  #declare(start: TypeId, name: string, level: number): string {
    let declarator: Declarator = { text: name, outer: 'name' };
    let qualifiers: Qualifier[] = [];
    let id = start;
    for (let length = 0; ; length++) {
      this.#work.chained(start, length);
      const type = this.#btf.type(id);
      switch (type.kind) {
        case 'const':
        case 'volatile':
        case 'restrict':
          if (!qualifiers.includes(type.kind)) qualifiers.push(type.kind);
          id = type.type;
          continue;
        case 'ptr':
          declarator = pointer(declarator, qualifiers);
          qualifiers = [];
          id = type.type;
          continue;
        case 'array':
          // A qualified array is an array of qualified elements: the qualifiers wait for the element.
          declarator = array(declarator, type.count, name !== '');
          id = type.element;
          continue;
        case 'func_proto':
          // GCC marks functions that never return as volatile; C has no place for it.
          declarator = this.#callable(declarator, type, level);
          qualifiers = [];
          id = type.returns;
          continue;
        case 'type_tag':
          declarator = behind(`${attributeOf(type)}${spaced(qualifiers)}`, declarator);
          qualifiers = [];
          id = type.type;
          continue;
        case 'func':
        case 'var':
        case 'datasec':
        case 'decl_tag':
          throw new UndumpableType(id, `a ${type.kind} stands where a type should`);
        case 'void':
        case 'int':
        case 'float':
        case 'enum':
        case 'enum64':
        case 'struct':
        case 'union':
        case 'fwd':
        case 'typedef':
          return join(
            `${[...qualifiers]
              .reverse()
              .map((word) => `${word} `)
              .join('')}${this.#base(id, level)}`,
            declarator,
          );
        default:
          return type satisfies never;
      }
    }
  }

  #callable(declarator: Declarator, type: BtfPrototype, level: number): Declarator {
    const inner = declarator.outer === 'name' ? declarator.text : `(${declarator.text})`;
    return {
      text: `${inner}(${this.parameters(type, level)})`,
      outer: declarator.outer === 'name' ? 'name' : 'function',
    };
  }

  parameters(type: BtfPrototype, level: number): string {
    const { parameters } = type;
    if (parameters.length === 0 || (parameters.length === 1 && parameters[0]!.type === 0)) return 'void';
    this.#work.step(parameters[0]!.type, parameters.length);
    return parameters
      .map((parameter, index) => {
        if (index === parameters.length - 1 && parameter.type === 0) return '...';
        return this.declare(parameter.type, parameter.name === '' ? '' : safe(parameter.name), level);
      })
      .join(', ');
  }
}

function spaced(qualifiers: readonly Qualifier[]): string {
  return [...qualifiers]
    .reverse()
    .map((word) => ` ${word}`)
    .join('');
}

function pointer(declarator: Declarator, qualifiers: readonly Qualifier[]): Declarator {
  if (qualifiers.length > 0) return behind(`*${spaced(qualifiers)}`, declarator);
  const gap = declarator.outer === 'function' || declarator.outer === 'tag' ? ' ' : '';
  return { text: `*${gap}${declarator.text}`, outer: 'pointer' };
}

function behind(head: string, declarator: Declarator): Declarator {
  const isTag = !head.startsWith('*');
  const text = declarator.text === '' ? head : `${head} ${declarator.text}`;
  return { text, outer: isTag ? 'tag' : 'qualified' };
}

function array(declarator: Declarator, count: number, named: boolean): Declarator {
  const inside =
    declarator.outer === 'pointer' || declarator.outer === 'qualified' || declarator.outer === 'tag';
  if (!inside)
    return {
      text: `${declarator.text}[${count}]`,
      outer: declarator.outer === 'name' ? 'array' : declarator.outer,
    };
  return { text: `(${declarator.text})[${count}]`, outer: named ? 'array' : 'pointer-array' };
}

function join(base: string, declarator: Declarator): string {
  const { text, outer } = declarator;
  if (text === '') return base;
  return outer === 'pointer-array' || (outer === 'array' && text.startsWith('['))
    ? `${base}${text}`
    : `${base} ${text}`;
}
