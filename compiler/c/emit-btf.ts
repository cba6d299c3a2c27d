/** Types of C text as BTF over the kernel's types. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../bpf/btf/builder.ts';
import type { BtfKind, BtfType, TypeId } from '../../bpf/btf/type.ts';
import type { CComposite, CEnum, CFunction, CInteger, CType } from './type.ts';

/** All that is defined, with what it refers to. */
export function emitBtf(defined: readonly CType[], base: Btf | undefined): Btf {
  const emitter = new Emitter(base);
  for (const type of defined) emitter.id(type);
  emitter.finish();
  return emitter.builder.build(base === undefined ? { pointerSize: 8 } : {});
}

class Emitter {
  readonly builder: BtfBuilder;
  private readonly base: Btf | undefined;
  private readonly ids: Map<CType, TypeId> = new Map();
  /** Reserved and not yet written: structs may be in a circle. */
  private readonly waiting: CComposite[] = [];

  constructor(base: Btf | undefined) {
    this.base = base;
    this.builder = new BtfBuilder(base === undefined ? {} : { base });
  }

  id(type: CType): TypeId {
    const known = this.ids.get(type);
    if (known !== undefined) return known;
    const id = this.make(type);
    this.ids.set(type, id);
    return id;
  }

  finish(): void {
    for (let type = this.waiting.pop(); type !== undefined; type = this.waiting.pop()) {
      const members = (type.members ?? []).map((member) => ({ ...member, type: this.id(member.type) }));
      this.builder.define(this.ids.get(type)!, {
        kind: type.kind,
        name: type.name,
        size: type.size,
        members,
      });
    }
  }

  private make(type: CType): TypeId {
    const { builder } = this;
    switch (type.kind) {
      case 'void':
        return 0;
      case 'int':
        return this.integer(type);
      case 'float':
        return (
          this.shared(type.name, 'float', (one) => one.kind === 'float' && one.size === type.size) ??
          builder.addFloat(type.name, type.size)
        );
      case 'ptr':
        return builder.addPointer(this.id(type.target));
      case 'array':
        return builder.addArray(this.id(type.element), this.integer(INDEX), type.count);
      case 'function':
        return this.prototype(type);
      case 'struct':
      case 'union':
        return this.composite(type);
      case 'enum':
        return this.enumeration(type);
      case 'typedef':
        return builder.addTypedef(type.name, this.id(type.type));
      case 'const':
      case 'volatile':
      case 'restrict':
        return builder.add({ kind: type.kind, type: this.id(type.type) });
      case 'kernel':
        return type.id;
    }
  }

  /** The kernel's type, when it is the same. */
  private shared(name: string, kind: BtfKind, same: (type: BtfType) => boolean): TypeId | undefined {
    const id = this.base?.find(name, kind);
    return id !== undefined && same(this.base!.type(id)) ? id : undefined;
  }

  private integer({ name, size, signed, bool }: CInteger): TypeId {
    const same = (type: BtfType): boolean =>
      type.kind === 'int' && type.size === size && type.signed === signed && type.bits === size * 8;
    return (
      this.shared(name, 'int', same) ??
      this.builder.addInt(name, size, { signed, ...(bool === true && { encoding: 'bool' }) })
    );
  }

  private prototype({ returns, parameters, variadic }: CFunction): TypeId {
    const given = parameters.map(({ name, type }) => ({ name, type: this.id(type) }));
    return this.builder.addPrototype(this.id(returns), variadic ? [...given, { name: '', type: 0 }] : given);
  }

  private composite(type: CComposite): TypeId {
    if (type.members === undefined) return this.builder.addForward(type.name, type.kind);
    this.waiting.push(type);
    return this.builder.reserve();
  }

  private enumeration({ name, values, size, signed }: CEnum): TypeId {
    return this.builder.addEnum(name, values, size, signed);
  }
}

const INDEX: CInteger = { kind: 'int', name: 'unsigned int', size: 4, signed: false };
