/** Names of C text: tags, typedefs and enumerators; what the text does not define is looked up in the kernel's types. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { alignOf, resolveType, sizeOf } from '../../bpf/btf/layout.ts';
import type { BtfKind } from '../../bpf/btf/type.ts';
import type { CComposite, CEnum, CInteger, CKernelType, CType, CTypedef } from './type.ts';

export type CTag = 'struct' | 'union' | 'enum';

function integer(name: string, size: CInteger['size'], signed: boolean): CInteger {
  return { kind: 'int', name, size, signed };
}

export const INT: CInteger = integer('int', 4, true);
export const CHAR: CInteger = integer('char', 1, true);
export const BOOL: CInteger = { kind: 'int', name: '_Bool', size: 1, signed: false, bool: true };

const BASE: Readonly<Record<string, CInteger>> = {
  i1: integer('signed char', 1, true),
  u1: integer('unsigned char', 1, false),
  i2: integer('short', 2, true),
  u2: integer('unsigned short', 2, false),
  i4: INT,
  u4: integer('unsigned int', 4, false),
  i8: integer('long', 8, true),
  u8: integer('unsigned long', 8, false),
};

/** Names that scripts use without including a header for them. */
const KNOWN: Readonly<Record<string, keyof typeof BASE>> = {
  ...{ int8_t: 'i1', int16_t: 'i2', int32_t: 'i4', int64_t: 'i8' },
  ...{ uint8_t: 'u1', uint16_t: 'u2', uint32_t: 'u4', uint64_t: 'u8' },
  ...{ int8: 'i1', int16: 'i2', int32: 'i4', int64: 'i8' },
  ...{ uint8: 'u1', uint16: 'u2', uint32: 'u4', uint64: 'u8' },
  ...{ s8: 'i1', s16: 'i2', s32: 'i4', s64: 'i8', u8: 'u1', u16: 'u2', u32: 'u4', u64: 'u8' },
  ...{ __s8: 'i1', __s16: 'i2', __s32: 'i4', __s64: 'i8', __u8: 'u1', __u16: 'u2', __u32: 'u4', __u64: 'u8' },
  ...{ __le16: 'u2', __be16: 'u2', __le32: 'u4', __be32: 'u4', __le64: 'u8', __be64: 'u8' },
  ...{
    size_t: 'u8',
    ssize_t: 'i8',
    ptrdiff_t: 'i8',
    uintptr_t: 'u8',
    intptr_t: 'i8',
    off_t: 'i8',
    loff_t: 'i8',
  },
  ...{ pid_t: 'i4', uid_t: 'u4', gid_t: 'u4', dev_t: 'u4', mode_t: 'u4', umode_t: 'u2', sector_t: 'u8' },
  ...{ ulong: 'u8', uint: 'u4', ushort: 'u2', time_t: 'i8', socklen_t: 'u4', sa_family_t: 'u2', gfp_t: 'u4' },
};

/** What clang makes of it for BPF. */
const VA_LIST: CType = { kind: 'ptr', target: { kind: 'void' } };

export class CNames {
  private readonly kernel: Btf | undefined;
  private readonly tags: Map<string, CComposite | CEnum> = new Map();
  private readonly typedefs: Map<string, CTypedef> = new Map();
  readonly constants: Map<string, bigint> = new Map();
  /** In the order of definition: what is written out. */
  readonly defined: (CComposite | CEnum | CTypedef)[] = [];

  constructor(kernel: Btf | undefined) {
    this.kernel = kernel;
  }

  /** What a tag names: a type of this text, else one of the kernel's. */
  tag(tag: CTag, name: string): CComposite | CEnum | CKernelType | undefined {
    const own = this.tags.get(`${tag} ${name}`);
    const isComplete = own !== undefined && own.definedAt !== undefined;
    const kinds: readonly BtfKind[] = tag === 'enum' ? ['enum', 'enum64'] : [tag];
    return isComplete ? own : (this.find(name, kinds) ?? own);
  }

  /** The tag as this text's own, to be defined. */
  ownTag(tag: CTag, name: string): CComposite | CEnum {
    const key = `${tag} ${name}`;
    const known = name === '' ? undefined : this.tags.get(key);
    if (known !== undefined) return known;
    const made: CComposite | CEnum =
      tag === 'enum'
        ? { kind: 'enum', name, values: [], size: 4, signed: false }
        : { kind: tag, name, size: 0, align: 1 };
    if (name !== '') this.tags.set(key, made);
    return made;
  }

  addTypedef(type: CTypedef): void {
    this.typedefs.set(type.name, type);
    this.defined.push(type);
  }

  /** A type without a tag. */
  typeName(name: string): CType | undefined {
    const own = this.typedefs.get(name);
    if (own !== undefined) return own;
    const kernel = this.find(name, ['typedef']);
    if (kernel !== undefined) return kernel;
    if (name === '__builtin_va_list') return VA_LIST;
    const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
    return known === undefined ? undefined : BASE[known];
  }

  private find(name: string, kinds: readonly BtfKind[]): CKernelType | undefined {
    const btf = this.kernel;
    if (btf === undefined) return undefined;
    for (const kind of kinds) {
      const id = btf.find(name, kind);
      if (id === undefined) continue;
      const type = resolveType(btf, id);
      const signed = 'signed' in type ? { signed: type.signed } : {};
      return { kind: 'kernel', id, size: sizeOf(btf, id), align: alignOf(btf, id) ?? 1, ...signed };
    }
    return undefined;
  }
}
