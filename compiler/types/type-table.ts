/** All C types and constants a script can name: its own definitions first, then the kernel's, then those of modules. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import { type BtfKind, isEnum, type TypeId } from '../../bpf/btf/type.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { enumType, typeFromBtf } from './from-btf.ts';
import { literalType } from './make.ts';
import type { IntegerType, Type } from './type.ts';

export type TypeTag = 'struct' | 'union' | 'enum';

export interface NamedConstant {
  readonly value: bigint;
  readonly type: IntegerType;
}

/** What the C text of a script defines. */
export interface ScriptTypes {
  /** Over the kernel's types where there are any. */
  readonly btf?: Btf;
  /** Object-like macros that are numbers. */
  readonly constants?: ReadonlyMap<string, bigint>;
}

const KINDS: Readonly<Record<TypeTag, readonly BtfKind[]>> = {
  struct: ['struct'],
  union: ['union'],
  enum: ['enum', 'enum64'],
};
/** What a name without a tag may be. A typedef's name is not a tag's: `struct a` and `a` may be two. */
const BARE: readonly BtfKind[] = ['typedef', 'int', 'struct', 'union', 'enum', 'enum64'];

export class TypeTable {
  readonly #own: Btf | undefined;
  readonly #macros: ReadonlyMap<string, bigint>;
  readonly #kernel: Pick<KernelInfo, 'btf' | 'moduleBtf'>;

  constructor(kernel: Pick<KernelInfo, 'btf' | 'moduleBtf'>, script: ScriptTypes = {}) {
    this.#own = script.btf;
    this.#macros = script.constants ?? new Map();
    this.#kernel = kernel;
  }

  /** In the order they are searched. The kernel's are opened when a search comes to them: most scripts name none. */
  *#tables(): Generator<Btf> {
    if (this.#own !== undefined) yield this.#own;
    if (this.#kernel.btf !== undefined) yield this.#kernel.btf;
    if (this.#kernel.moduleBtf !== undefined) yield* this.#kernel.moduleBtf.values();
  }

  /** Whether there are any types: a kernel may tell none. */
  get isEmpty(): boolean {
    return this.#tables().next().done === true;
  }

  /** The type of a name; pointers in it have no space yet. */
  find(name: string, tag?: TypeTag): Type | undefined {
    for (const kind of tag === undefined ? BARE : KINDS[tag]) {
      const found = this.#search(name, kind);
      if (found !== undefined) return typeFromBtf(found.btf, found.id, 'none', this.#own);
    }
    return undefined;
  }

  /** An enumerator, or a macro that is a number. The first table that has it wins. */
  constant(name: string): NamedConstant | undefined {
    const macro = this.#macros.get(name);
    if (macro !== undefined) return { value: macro, type: literalType(macro) };
    for (const btf of this.#tables()) {
      const found = enumeratorsOf(btf).get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Of types with that tag, or those that may be written without: for suggestions. */
  names(tag?: TypeTag): readonly string[] {
    const kinds = new Set(tag === undefined ? BARE : KINDS[tag]);
    const names = new Set<string>();
    for (const btf of this.#tables()) {
      for (let id = btf.firstId; id < btf.end; id++) if (kinds.has(btf.kindOf(id))) names.add(btf.nameOf(id));
    }
    names.delete('');
    return [...names];
  }

  /** Of enumerators and macros. */
  constantNames(): readonly string[] {
    const tables = [...this.#tables()].flatMap((btf) => [...enumeratorsOf(btf).keys()]);
    return [...this.#macros.keys(), ...tables];
  }

  #search(name: string, kind: BtfKind): { readonly btf: Btf; readonly id: TypeId } | undefined {
    for (const btf of this.#tables()) {
      const id = btf.findAll(name).find((one) => one >= btf.firstId && btf.kindOf(one) === kind);
      if (id !== undefined) return { btf, id };
    }
    return undefined;
  }
}

/** What a table's enumerators are: kept as long as the table, for thousands of scripts may ask of one kernel. */
const KNOWN: WeakMap<Btf, ReadonlyMap<string, NamedConstant>> = new WeakMap();

function enumeratorsOf(btf: Btf): ReadonlyMap<string, NamedConstant> {
  let known = KNOWN.get(btf);
  if (known === undefined) {
    known = readEnumerators(btf);
    KNOWN.set(btf, known);
  }
  return known;
}

/** The first of a name wins. */
function readEnumerators(btf: Btf): ReadonlyMap<string, NamedConstant> {
  const found = new Map<string, NamedConstant>();
  for (let id = btf.firstId; id < btf.end; id++) {
    const kind = btf.kindOf(id);
    if (kind !== 'enum' && kind !== 'enum64') continue;
    const decoded = btf.type(skipTypedefs(btf, id));
    if (!isEnum(decoded)) continue;
    const type = enumType(decoded);
    for (const { name, value } of decoded.values) {
      const own = type.signed ? BigInt.asIntN(type.size * 8, value) : BigInt.asUintN(type.size * 8, value);
      if (!found.has(name)) found.set(name, { value: own, type });
    }
  }
  return found;
}
