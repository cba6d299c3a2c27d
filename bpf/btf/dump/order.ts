/**
 * The order of definitions. C wants a type defined before it is embedded, and only declared before it is pointed to. A link
 * from one type to another is *weak* when a pointer lies on the way and the target has a name to declare it by; else it is
 * *strong* and the target comes first. Anonymous types are written where they are used, so what they embed is embedded by
 * their user too, even behind a pointer. Types are taken in the order of ids, so that the text is the same each time.
 */
import type { Btf } from '../btf.ts';
import { type BtfComposite, type BtfPrototype, isCompositeKind, type TypeId } from '../type.ts';
import { referencedTypes } from './references.ts';
import { UndumpableType, type Work } from './work.ts';

const OPEN = 1;
const DONE = 2;

export class DefinitionOrder {
  readonly #btf: Btf;
  readonly #work: Work;
  readonly #state: Uint8Array;
  #referenced: Uint8Array | undefined;
  /** Why a type cannot be ordered, for all that embed it. */
  readonly #broken = new Map<TypeId, UndumpableType>();
  #open: TypeId[] = [];
  #queue: TypeId[] = [];
  /** What {@link of} was asked for. */
  #wanted: TypeId = 0;

  constructor(btf: Btf, work: Work) {
    this.#btf = btf;
    this.#work = work;
    this.#state = new Uint8Array(btf.end);
    this.#state[0] = DONE;
  }

  /**
   * What must be defined, in this order, so that `id` is: itself last, without what earlier calls returned. With `problem`
   * the definitions are those that could be ordered.
   */
  of(id: TypeId): { readonly definitions: readonly TypeId[]; readonly problem?: UndumpableType } {
    this.#queue = [];
    this.#open = [];
    this.#wanted = id;
    try {
      this.#visit(id, false);
      return { definitions: this.#queue };
    } catch (error) {
      if (!(error instanceof UndumpableType)) throw error;
      for (const open of this.#open) {
        this.#state[open] = 0;
        this.#broken.set(open, error);
      }
      return { definitions: this.#queue, problem: error };
    }
  }

  /** Whether the link is strong. @throws UndumpableType when no order satisfies C */
  #visit(id: TypeId, behindPointer: boolean): boolean {
    if (this.#state[id] === DONE) return true;
    this.#work.step(id);
    const broken = this.#broken.get(id);
    if (broken !== undefined && !(behindPointer && isNamedComposite(this.#btf, id))) throw broken;
    return this.#work.nested(id, () => this.#visitNew(id, behindPointer));
  }

  #visitNew(id: TypeId, behindPointer: boolean): boolean {
    const type = this.#btf.type(id);
    if (this.#state[id] === OPEN) {
      // Of a typedef or a named struct that is being defined the name is known.
      if (behindPointer && 'name' in type && type.name !== '') return false;
      throw new UndumpableType(id, `${describe(type)} contains itself`);
    }
    switch (type.kind) {
      case 'int':
      case 'float':
      case 'func':
      case 'var':
      case 'datasec':
      case 'decl_tag':
      case 'void':
        this.#state[id] = DONE;
        return false;
      case 'enum':
      case 'enum64':
      case 'fwd':
        return this.#finish(id, type.name !== '' || this.#isDeclaration(id));
      case 'ptr':
        return this.#opened(id, () => {
          const strong = this.#visit(type.type, true);
          this.#state[id] = DONE;
          return strong;
        });
      case 'array':
        return this.#opened(id, () => this.#visit(type.element, false));
      case 'struct':
      case 'union':
        return this.#composite(id, type, behindPointer);
      case 'typedef':
        return this.#opened(id, () => {
          const strong = this.#visit(type.type, behindPointer);
          return behindPointer && !strong ? false : this.#finish(id, true);
        });
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        return this.#visit(type.type, behindPointer);
      case 'func_proto':
        return this.#prototype(type, behindPointer);
      default:
        return type satisfies never;
    }
  }

  /** An anonymous enum that nothing refers to declares constants; of all others the user writes the text. */
  #isDeclaration(id: TypeId): boolean {
    if (id !== this.#wanted) return false;
    this.#referenced ??= referencedTypes(this.#btf);
    return this.#referenced[id] === 0;
  }

  #composite(id: TypeId, type: BtfComposite, behindPointer: boolean): boolean {
    if (behindPointer && type.name !== '') return false;
    return this.#opened(id, () => {
      this.#work.step(id, type.members.length);
      for (const member of type.members) this.#visit(member.type, false);
      return this.#finish(id, type.name !== '');
    });
  }

  #prototype(type: BtfPrototype, behindPointer: boolean): boolean {
    let strong = this.#visit(type.returns, behindPointer);
    for (const parameter of type.parameters) strong = this.#visit(parameter.type, behindPointer) || strong;
    return strong;
  }

  /** Marks a type while its parts are visited, so that a way back to it is seen. */
  #opened(id: TypeId, inner: () => boolean): boolean {
    this.#state[id] = OPEN;
    this.#open.push(id);
    const strong = inner();
    this.#open.pop();
    if (this.#state[id] === OPEN) this.#state[id] = 0;
    return strong;
  }

  #finish(id: TypeId, define: boolean): true {
    if (define) this.#queue.push(id);
    this.#state[id] = DONE;
    return true;
  }
}

function isNamedComposite(btf: Btf, id: TypeId): boolean {
  return isCompositeKind(btf.kindOf(id)) && btf.nameOf(id) !== '';
}

function describe(type: { readonly kind: string; readonly name?: string }): string {
  return type.name === undefined || type.name === ''
    ? `an anonymous ${type.kind}`
    : `${type.kind} '${type.name}'`;
}
