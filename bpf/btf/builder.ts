/**
 * Builds BTF. Adding a type that is there already gives the id it has; what refers to itself is reserved first and
 * defined later. The same calls make the same bytes.
 */
import type { Btf } from './btf.ts';
import { readBtf } from './read.ts';
import { typeReferences, typeShape } from './references.ts';
import { StringSectionBuilder } from './string-section-builder.ts';
import type {
  BtfDataSection,
  BtfEnum,
  BtfFunction,
  BtfInt,
  BtfMember,
  BtfPrototype,
  BtfType,
  TypeId,
} from './type.ts';
import { writeBtf } from './write.ts';

export interface BtfBuilderOptions {
  /** Types and strings go on where its end: the outcome is split BTF. */
  readonly base?: Btf;
}

export interface BuildBtfOptions {
  /** True unless told. */
  readonly littleEndian?: boolean;
  /** Instead of the width of `long`. */
  readonly pointerSize?: 4 | 8;
}

/** Those of a member may be left out that are nothing special. */
export interface MemberInput {
  readonly name: string;
  readonly type: TypeId;
  readonly bitOffset: number;
  readonly bitSize?: number;
}

export class BtfBuilder {
  readonly #base: Btf | undefined;
  readonly #strings: StringSectionBuilder;
  /** Undefined: reserved. */
  readonly #types: (BtfType | undefined)[] = [];
  readonly #ids: Map<string, TypeId> = new Map();
  readonly firstId: TypeId;

  constructor({ base }: BtfBuilderOptions = {}) {
    this.#base = base;
    this.#strings = new StringSectionBuilder(base?.stringsEnd ?? 0);
    this.firstId = base?.end ?? 1;
  }

  /** A builder with all of a table's own types under their ids, and its base. Types that are there twice stay so. */
  static from(btf: Btf): BtfBuilder {
    const builder = new BtfBuilder(btf.base === undefined ? {} : { base: btf.base });
    for (let id = btf.firstId; id < btf.end; id++) builder.reserve();
    for (let id = btf.firstId; id < btf.end; id++) builder.define(id, btf.type(id));
    return builder;
  }

  /** One more than the last id. */
  get end(): TypeId {
    return this.firstId + this.#types.length;
  }

  /** A type added or defined; undefined while it is only reserved. @throws RangeError when there is no such id */
  type(id: TypeId): BtfType | undefined {
    if (id === 0) return { kind: 'void' };
    if (this.#base !== undefined && id < this.firstId) return this.#base.type(id);
    if (!(Number.isInteger(id) && id >= 1 && id < this.end)) throw new RangeError(`there is no type ${id}`);
    return this.#types[id - this.firstId];
  }

  /**
   * The id of an equal type, or a new one. Variables and sections of data are always new.
   * @throws RangeError when it refers to a type that is not there
   */
  add(type: BtfType): TypeId {
    if (type.kind === 'void') return 0;
    this.#checkReferences(type);
    if (type.kind === 'var' || type.kind === 'datasec') return this.#append(type);
    const key = typeKey(type);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#append(type);
    this.#ids.set(key, id);
    return id;
  }

  /** An id to refer to before its type is known. Each must be defined before `build`. */
  reserve(): TypeId {
    this.#types.push(undefined);
    return this.end - 1;
  }

  /** Says what a reserved id is. Later equal types get this id, unless one came before. */
  define(id: TypeId, type: BtfType): void {
    if (this.type(id) !== undefined) throw new RangeError(`type ${id} is defined already`);
    if (type.kind === 'void') throw new RangeError(`type ${id} cannot be void`);
    this.#checkReferences(type);
    this.#types[id - this.firstId] = type;
    const key = typeKey(type);
    if (type.kind !== 'var' && type.kind !== 'datasec' && !this.#ids.has(key)) this.#ids.set(key, id);
  }

  /** Puts another type in place of one already there, such as a section of data that grew. */
  replace(id: TypeId, type: BtfType): void {
    const before = this.type(id);
    if (before === undefined || id < this.firstId) throw new RangeError(`type ${id} is not there to replace`);
    const key = typeKey(before);
    if (this.#ids.get(key) === id) this.#ids.delete(key);
    this.#types[id - this.firstId] = undefined;
    this.define(id, type);
  }

  /** Offset of a text among the strings, for `.BTF.ext`. */
  string(text: string): number {
    return this.#strings.add(text);
  }

  addInt(
    name: string,
    size: number,
    options: {
      readonly signed?: boolean;
      readonly encoding?: BtfInt['encoding'];
      readonly bits?: number;
    } = {},
  ): TypeId {
    const { signed = false, encoding = 'plain', bits = size * 8 } = options;
    return this.add({ kind: 'int', name, size, signed, encoding, bits, bitOffset: 0 });
  }

  addFloat(name: string, size: number): TypeId {
    return this.add({ kind: 'float', name, size });
  }

  addPointer(type: TypeId): TypeId {
    return this.add({ kind: 'ptr', type });
  }

  addConst(type: TypeId): TypeId {
    return this.add({ kind: 'const', type });
  }

  addVolatile(type: TypeId): TypeId {
    return this.add({ kind: 'volatile', type });
  }

  addRestrict(type: TypeId): TypeId {
    return this.add({ kind: 'restrict', type });
  }

  addTypeTag(name: string, type: TypeId, attribute = false): TypeId {
    return this.add({ kind: 'type_tag', name, type, attribute });
  }

  addTypedef(name: string, type: TypeId): TypeId {
    return this.add({ kind: 'typedef', name, type });
  }

  addArray(element: TypeId, index: TypeId, count: number): TypeId {
    return this.add({ kind: 'array', element, index, count });
  }

  addStruct(name: string, size: number, members: readonly MemberInput[]): TypeId {
    return this.add({ kind: 'struct', name, size, members: members.map(wholeMember) });
  }

  addUnion(name: string, size: number, members: readonly MemberInput[]): TypeId {
    return this.add({ kind: 'union', name, size, members: members.map(wholeMember) });
  }

  /** An `enum64` when it has 8 bytes. */
  addEnum(name: string, values: BtfEnum['values'], size = 4, signed = false): TypeId {
    return this.add({ kind: size === 8 ? 'enum64' : 'enum', name, size, signed, values });
  }

  addForward(name: string, of: 'struct' | 'union'): TypeId {
    return this.add({ kind: 'fwd', name, of });
  }

  addPrototype(returns: TypeId, parameters: BtfPrototype['parameters']): TypeId {
    return this.add({ kind: 'func_proto', returns, parameters });
  }

  addFunction(name: string, prototype: TypeId, linkage: BtfFunction['linkage']): TypeId {
    return this.add({ kind: 'func', name, type: prototype, linkage });
  }

  addVariable(name: string, type: TypeId, linkage: BtfFunction['linkage']): TypeId {
    return this.add({ kind: 'var', name, type, linkage });
  }

  addDataSection(name: string, size: number, variables: BtfDataSection['variables']): TypeId {
    return this.add({ kind: 'datasec', name, size, variables });
  }

  addDeclTag(name: string, type: TypeId, component = -1, attribute = false): TypeId {
    return this.add({ kind: 'decl_tag', name, type, component, attribute });
  }

  /** @throws RangeError when a type is reserved and not defined, or does not fit the format */
  build({ littleEndian = true, pointerSize }: BuildBtfOptions = {}): Btf {
    const types = this.#types.map((type, index) => {
      if (type === undefined) throw new RangeError(`type ${this.firstId + index} is not defined`);
      return type;
    });
    return readBtf(writeBtf(types, this.#strings, littleEndian), {
      ...(this.#base === undefined ? {} : { base: this.#base }),
      ...(pointerSize === undefined ? {} : { pointerSize }),
    });
  }

  #append(type: BtfType): TypeId {
    this.#types.push(type);
    return this.end - 1;
  }

  #checkReferences(type: BtfType): void {
    for (const id of typeReferences(type)) {
      if (!(Number.isInteger(id) && id >= 0 && id < this.end)) {
        throw new RangeError(`a ${type.kind} refers to type ${id}, and the last is ${this.end - 1}`);
      }
    }
  }
}

/** Equal for equal types of one table. */
function typeKey(type: BtfType): string {
  return `${typeShape(type)}\0${typeReferences(type).join(' ')}`;
}

function wholeMember({ name, type, bitOffset, bitSize = 0 }: MemberInput): BtfMember {
  return { name, type, bitOffset, bitSize };
}
