/**
 * `Definitions`: C text of types, each definition once, with what it needs before it. Where a type is only pointed to, a
 * forward declaration is written the first time. State goes from call to call: the texts of one object make one header.
 */
import type { Btf } from '../btf.ts';
import type {
  BtfComposite,
  BtfEnum,
  BtfFloat,
  BtfFunction,
  BtfInt,
  BtfType,
  BtfTypedef,
  BtfVariable,
  TypeId,
} from '../type.ts';
import { DeclTags } from './attributes.ts';
import { isCBaseType, substituteOf } from './base-types.ts';
import { type CompositeContext, compositeText } from './composite-text.ts';
import { Declarations } from './declaration.ts';
import { enumText } from './enum-text.ts';
import { Names, VA_LIST } from './names.ts';
import { DefinitionOrder } from './order.ts';
import { Shapes } from './shapes.ts';
import { type BtfDumpProblem, UndumpableType, Work } from './work.ts';

const WRITING = 1;
const WRITTEN = 2;
const DECLARED = 4;

export class Definitions {
  readonly btf: Btf;
  readonly names: Names = new Names();
  readonly tags: DeclTags;
  readonly #reported = new Set<string>();
  readonly #report: (problem: BtfDumpProblem) => void;
  readonly #work: Work;
  readonly #order: DefinitionOrder;
  readonly #declarations: Declarations;
  readonly #context: CompositeContext;
  readonly #state: Uint8Array;
  #out: string[] = [];

  constructor(btf: Btf, report: (problem: BtfDumpProblem) => void = () => {}) {
    this.btf = btf;
    this.tags = new DeclTags(btf);
    this.#report = report;
    this.#work = new Work(btf);
    this.#order = new DefinitionOrder(btf, this.#work);
    this.#declarations = new Declarations(btf, this.#work, (id, level) => this.#baseText(id, level));
    this.#context = {
      btf,
      work: this.#work,
      shapes: new Shapes(btf, this.#work),
      tags: this.tags,
      declarations: this.#declarations,
    };
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
    return this.guarded(id, () => this.#definitionText(id, this.btf.type(id)));
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
  prototype(id: TypeId, type: BtfFunction): string {
    return this.#declarations.declare(type.type, this.names.identifier(id, type.name), 0);
  }

  variable(id: TypeId, type: BtfVariable): string {
    return this.#declarations.declare(type.type, this.names.identifier(id, type.name), 0);
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
      if (type.kind === 'struct' || type.kind === 'union') this.#needMembers(type, id);
      return this.#definitionText(id, type);
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
        this.#out.push(this.#missingBaseType(id, type));
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
        this.#out.push(`${type.of} ${this.names.declaredTag(type.name)};\n\n`);
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
      this.#out.push(`${type.kind} ${this.names.tag(id, type.name)};\n\n`);
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
    this.#out.push(this.#definitionText(id, type));
    this.#state[id] = WRITTEN;
  }

  #definitionText(id: TypeId, type: BtfType): string {
    switch (type.kind) {
      case 'struct':
      case 'union':
        return `${this.#compositeOrOpaque(id, type)};\n\n`;
      case 'enum':
      case 'enum64':
        return `${enumText(type, this.#enumTag(id, type), this.names, 0)}${this.tags.attributes(id, -1)};\n\n`;
      case 'fwd':
        return `${type.of} ${this.names.declaredTag(type.name)};\n\n`;
      case 'typedef':
        return this.#typedefText(id, type);
      case 'int':
      case 'float':
        return this.#missingBaseType(id, type);
      default:
        return `${this.#declarations.declare(id, '', 0)};\n\n`;
    }
  }

  /** What C cannot say becomes bytes of the same size, so that what embeds it stays right. */
  #compositeOrOpaque(id: TypeId, type: BtfComposite): string {
    const name = this.names.tag(id, type.name);
    try {
      return compositeText(id, type, name, 0, this.#context);
    } catch (error) {
      if (!(error instanceof UndumpableType) || name === '') throw error;
      const { align } = this.#context.shapes.composite(id, type);
      const attribute = align > 1 ? ` __attribute__((aligned(${align})))` : '';
      return `${this.#complaint(id, error)}${type.kind} ${name} {\n\tunsigned char __opaque[${type.size}];\n}${attribute}`;
    }
  }

  #typedefText(id: TypeId, type: BtfTypedef): string {
    // Compilers bring these two: GCC's `__gnuc_va_list` has no type that BTF could name.
    if (type.name === VA_LIST) return '';
    if (type.name === '__gnuc_va_list' && type.type === 0) {
      return `typedef ${VA_LIST} ${type.name};\n\n`;
    }
    const text = this.#declarations.declare(type.type, this.names.identifier(id, type.name), 0);
    return `typedef ${text}${this.tags.attributes(id, -1)};\n\n`;
  }

  #enumTag(id: TypeId, type: BtfEnum): string {
    return type.values.length === 0 ? this.names.declaredTag(type.name) : this.names.tag(id, type.name);
  }

  #missingBaseType(id: TypeId, type: BtfInt | BtfFloat): string {
    if (isCBaseType(type.name)) return '';
    return `typedef ${substituteOf(type)} ${this.names.identifier(id, type.name)};\n\n`;
  }

  #baseText(id: TypeId, level: number): string {
    const type = this.btf.type(id);
    switch (type.kind) {
      case 'int':
      case 'float':
        return isCBaseType(type.name) ? type.name : this.names.identifier(id, type.name);
      case 'struct':
      case 'union': {
        if (type.name !== '') return `${type.kind} ${this.names.tag(id, type.name)}`;
        return compositeText(id, type, '', level, this.#context);
      }
      case 'enum':
      case 'enum64': {
        if (type.name !== '') return `enum ${this.#enumTag(id, type)}`;
        this.#work.step(id, type.values.length);
        return enumText(type, '', this.names, level);
      }
      case 'fwd':
        return `${type.of} ${this.names.declaredTag(type.name)}`;
      case 'typedef':
        return type.name === VA_LIST ? type.name : this.names.identifier(id, type.name);
      case 'void':
        return 'void';
      default:
        throw new UndumpableType(id, `a ${type.kind} stands where a type should`);
    }
  }
}
