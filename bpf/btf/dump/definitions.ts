/**
 * `Definitions`: C text of types, each definition once, with what it needs before it. Where a type is only pointed to, a
 * forward declaration is written the first time. State goes from call to call: the texts of one object make one header.
 */
import type { Btf } from '../btf.ts';
import {
  type BtfComposite,
  type BtfFunction,
  type BtfTypedef,
  type BtfVariable,
  isComposite,
  type TypeId,
} from '../type.ts';
import { DeclTags } from './attributes.ts';
import { DefinitionText } from './definition-text.ts';
import { DefinitionOrder } from './order.ts';
import { type BtfDumpProblem, UndumpableType, Work } from './work.ts';

const WRITING = 1;
const WRITTEN = 2;
const DECLARED = 4;

export class Definitions {
  readonly btf: Btf;
  readonly tags: DeclTags;
  readonly #reported = new Set<string>();
  readonly #report: (problem: BtfDumpProblem) => void;
  readonly #work: Work;
  readonly #order: DefinitionOrder;
  readonly #text: DefinitionText;
  readonly #state: Uint8Array;
  #out: string[] = [];

  constructor(btf: Btf, report: (problem: BtfDumpProblem) => void = () => {}) {
    this.btf = btf;
    this.tags = new DeclTags(btf);
    this.#report = report;
    this.#work = new Work(btf);
    this.#order = new DefinitionOrder(btf, this.#work);
    this.#text = new DefinitionText({
      btf,
      work: this.#work,
      tags: this.tags,
      complain: (id, error) => this.#complaint(id, error),
    });
    this.#state = new Uint8Array(btf.end);
    this.#state[0] = WRITTEN;
  }

  /** The definition of a type and all it needs, as far as earlier calls did not give them; `''` when nothing is left. */
  withNeeds(id: TypeId): string {
    const { definitions, problem } = this.#order.of(id);
    this.#out = [];
    for (const definition of definitions) this.#define(definition);
    if (problem !== undefined) this.#out.push(this.#complaint(id, problem));
    return this.#out.join('');
  }

  /** The definition of one type alone: what it needs must be known from elsewhere. */
  alone(id: TypeId): string {
    return this.guarded(id, () => this.#text.definition(id, this.btf.type(id)));
  }

  /** Marks all that a function's or variable's type needs, gives its text. */
  needsOf(id: TypeId): string {
    const needs = this.withNeeds(id);
    this.#out = [];
    this.guarded(id, () => {
      this.#need(id, 0);
      return '';
    });
    return needs + this.#out.join('');
  }

  /** `int vfs_open(const struct path *path, struct file *file)`, without linkage and semicolon. */
  symbol(id: TypeId, type: BtfFunction | BtfVariable): string {
    const { declarations, names } = this.#text;
    return declarations.declare(type.type, names.identifier(id, type.name), 0);
  }

  /** Runs a writer; a type that cannot be written becomes a comment and a report. */
  guarded(id: TypeId, write: () => string): string {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof UndumpableType)) throw error;
      return this.#complaint(id, error);
    }
  }

  /** A comment in the place of `id`; each problem is reported once. */
  #complaint(id: TypeId, { type, message }: UndumpableType): string {
    const problem = `type ${type}: ${message}`;
    if (!this.#reported.has(problem)) {
      this.#reported.add(problem);
      this.#report({ type, message });
    }
    const what = id === type ? problem : `type ${id}: needs ${problem}`;
    return `/* ${what.replaceAll('*/', '* /')} */\n\n`;
  }

  #define(id: TypeId): void {
    if ((this.#state[id]! & WRITTEN) !== 0) return;
    const type = this.btf.type(id);
    const text = this.guarded(id, () => {
      this.#state[id]! |= WRITING;
      if (type.kind === 'typedef') this.#need(type.type, id);
      if (isComposite(type)) this.#needMembers(type, id);
      return this.#text.definition(id, type);
    });
    this.#state[id] = WRITTEN | (this.#state[id]! & DECLARED);
    this.#out.push(text);
  }

  #needMembers(type: BtfComposite, container: TypeId): void {
    this.#work.step(container, type.members.length);
    for (const member of type.members) this.#need(member.type, container);
  }

  /** Writes the forward declarations that a use of `id` inside `container` wants. */
  #need(id: TypeId, container: TypeId): void {
    if ((this.#state[id]! & (WRITTEN | DECLARED)) !== 0) return;
    this.#work.step(id);
    this.#work.nested(id, () => this.#needNew(id, container));
  }

  #needNew(id: TypeId, container: TypeId): void {
    const type = this.btf.type(id);
    switch (type.kind) {
      case 'int':
      case 'float':
        this.#out.push(this.#text.missingBaseType(id, type));
        this.#state[id] = WRITTEN;
        return;
      case 'ptr':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        this.#need(type.type, container);
        return;
      case 'array':
        this.#need(type.element, container);
        return;
      case 'func_proto':
        this.#need(type.returns, container);
        for (const parameter of type.parameters) this.#need(parameter.type, container);
        return;
      case 'struct':
      case 'union':
        this.#needComposite(id, type, container);
        return;
      case 'typedef':
        this.#needTypedef(id, type);
        return;
      case 'fwd':
        this.#out.push(this.#text.definition(id, type));
        this.#state[id] = WRITTEN;
        return;
      case 'func':
      case 'enum':
      case 'enum64':
      case 'void':
      case 'var':
      case 'datasec':
      case 'decl_tag':
        return;
      default:
        void (type satisfies never);
    }
  }

  #needComposite(id: TypeId, type: BtfComposite, container: TypeId): void {
    if (type.name === '') {
      this.#needMembers(type, container);
    } else if (id !== container) {
      this.#out.push(this.#text.forward(id, type));
      this.#state[id]! |= DECLARED;
    }
  }

  /** A typedef is its own forward declaration. */
  #needTypedef(id: TypeId, type: BtfTypedef): void {
    if ((this.#state[id]! & WRITING) !== 0) {
      throw new UndumpableType(id, `typedef '${type.name}' refers to itself`);
    }
    this.#state[id]! |= WRITING;
    this.#need(type.type, id);
    this.#out.push(this.#text.definition(id, type));
    this.#state[id] = WRITTEN;
  }
}
