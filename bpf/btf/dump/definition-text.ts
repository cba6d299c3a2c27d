/** C text of single definitions, and the words a declaration ends at. Names are given here; what is needed is not asked. */
import type { Btf } from '../btf.ts';
import type { BtfComposite, BtfEnum, BtfFloat, BtfInt, BtfType, BtfTypedef, TypeId } from '../type.ts';
import type { DeclTags } from './attributes.ts';
import { isCBaseType, substituteOf } from './base-types.ts';
import { type CompositeContext, compositeText } from './composite-text.ts';
import { Declarations } from './declaration.ts';
import { enumText } from './enum-text.ts';
import { Names, VA_LIST } from './names.ts';
import { Shapes } from './shapes.ts';
import { UndumpableType, type Work } from './work.ts';

export interface DefinitionTextParts {
  readonly btf: Btf;
  readonly work: Work;
  readonly tags: DeclTags;
  /** The comment that stands where a type cannot be written. */
  readonly complain: (id: TypeId, error: UndumpableType) => string;
}

export class DefinitionText {
  readonly names: Names = new Names();
  readonly declarations: Declarations;
  readonly #btf: Btf;
  readonly #work: Work;
  readonly #tags: DeclTags;
  readonly #complain: DefinitionTextParts['complain'];
  readonly #context: CompositeContext;

  constructor({ btf, work, tags, complain }: DefinitionTextParts) {
    this.#btf = btf;
    this.#work = work;
    this.#tags = tags;
    this.#complain = complain;
    this.declarations = new Declarations(btf, work, (id, level) => this.#base(id, level));
    const shapes = new Shapes(btf, work);
    this.#context = { btf, work, shapes, tags, declarations: this.declarations };
  }

  /** Ends in an empty line. @throws UndumpableType */
  definition(id: TypeId, type: BtfType): string {
    switch (type.kind) {
      case 'struct':
      case 'union':
        return `${this.#compositeOrOpaque(id, type)};\n\n`;
      case 'enum':
      case 'enum64':
        return `${enumText(type, this.#enumTag(id, type), this.names, 0)}${this.#tags.attributes(id, -1)};\n\n`;
      case 'fwd':
        return `${type.of} ${this.names.declaredTag(type.name)};\n\n`;
      case 'typedef':
        return this.#typedefText(id, type);
      case 'int':
      case 'float':
        return this.missingBaseType(id, type);
      default:
        return `${this.declarations.declare(id, '', 0)};\n\n`;
    }
  }

  /** What makes a name known before its definition. */
  forward(id: TypeId, type: BtfComposite): string {
    return `${type.kind} ${this.names.tag(id, type.name)};\n\n`;
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
      return `${this.#complain(id, error)}${type.kind} ${name} {\n\tunsigned char __opaque[${type.size}];\n}${attribute}`;
    }
  }

  #typedefText(id: TypeId, type: BtfTypedef): string {
    // Compilers bring these two: GCC's `__gnuc_va_list` has no type that BTF could name.
    if (type.name === VA_LIST) return '';
    if (type.name === '__gnuc_va_list' && type.type === 0) {
      return `typedef ${VA_LIST} ${type.name};\n\n`;
    }
    const text = this.declarations.declare(type.type, this.names.identifier(id, type.name), 0);
    return `typedef ${text}${this.#tags.attributes(id, -1)};\n\n`;
  }

  #enumTag(id: TypeId, type: BtfEnum): string {
    return type.values.length === 0 ? this.names.declaredTag(type.name) : this.names.tag(id, type.name);
  }

  /** Says what a base type is that C has no word for; else empty. */
  missingBaseType(id: TypeId, type: BtfInt | BtfFloat): string {
    if (isCBaseType(type.name)) return '';
    return `typedef ${substituteOf(type)} ${this.names.identifier(id, type.name)};\n\n`;
  }

  /** What a declaration begins with: `struct name`, or all of a type that has no name. */
  #base(id: TypeId, level: number): string {
    const type = this.#btf.type(id);
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
