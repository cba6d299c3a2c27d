/**
 * The types a kernel has: its own and its modules', with what CoreTarget adds to them: an index by kind and name
 * without flavour, made when first needed, so that one target serves many objects.
 */
import type { Btf } from '../btf/btf.ts';
import type { BtfKind, TypeId } from '../btf/type.ts';
import type { KernelInfo } from '../kernel-info.ts';
import { essentialName } from './name.ts';
import { kindClass } from './types.ts';

/** A kernel's types as they come. */
export interface KernelTypes {
  readonly kernel: Btf;
  /** By module name; split BTF over the kernel's. */
  readonly modules?: ReadonlyMap<string, Btf>;
  /** For messages: `6.1`, `this kernel`. Default: `the target kernel`. */
  readonly name?: string;
}

/** A target's type that may be meant by a local one. */
export interface CoreCandidate {
  readonly btf: Btf;
  readonly id: TypeId;
  /** Absent: the kernel's own. */
  readonly module?: string;
}

export class CoreTarget {
  readonly name: string;
  readonly #kernel: NamedTypes;
  readonly #modules: readonly (readonly [name: string, types: NamedTypes])[];

  constructor(types: Btf | KernelTypes) {
    const { kernel, modules, name } =
      'kernel' in types ? types : { kernel: types, modules: undefined, name: undefined };
    this.name = name ?? 'the target kernel';
    this.#kernel = new NamedTypes(tablesOf(kernel));
    this.#modules = [...(modules ?? [])].map(([module, btf]) => [module, new NamedTypes([btf])]);
  }

  /**
   * Types of a kind and a name, flavours apart: the kernel's, or where it has none, all modules'
   * (libbpf `bpf_core_find_cands`).
   */
  candidates(kind: BtfKind, name: string): readonly CoreCandidate[] {
    const essential = essentialName(name);
    const own = this.#kernel.find(kind, essential);
    if (own.length > 0) return own;
    return this.#modules.flatMap(([module, types]) =>
      types.find(kind, essential).map((candidate) => ({ ...candidate, module })),
    );
  }
}

/** Of a kernel whose types are known. */
export function coreTargetOf(info: KernelInfo): CoreTarget | undefined {
  const { btf, moduleBtf, name } = info;
  if (btf === undefined) return undefined;
  return new CoreTarget({ kernel: btf, name, ...(moduleBtf === undefined ? {} : { modules: moduleBtf }) });
}

/** Types of some tables by kind and essential name. */
class NamedTypes {
  readonly #tables: readonly Btf[];
  readonly #byKind = new Map<BtfKind, ReadonlyMap<string, readonly CoreCandidate[]>>();

  constructor(tables: readonly Btf[]) {
    this.#tables = tables;
  }

  find(kind: BtfKind, essential: string): readonly CoreCandidate[] {
    const wanted = kindClass(kind);
    let names = this.#byKind.get(wanted);
    if (names === undefined) {
      names = this.#collect(wanted);
      this.#byKind.set(wanted, names);
    }
    return names.get(essential) ?? [];
  }

  #collect(kind: BtfKind): ReadonlyMap<string, readonly CoreCandidate[]> {
    const names = new Map<string, CoreCandidate[]>();
    for (const btf of this.#tables) {
      for (let id = btf.firstId; id < btf.end; id++) {
        if (kindClass(btf.kindOf(id)) !== kind) continue;
        const name = btf.nameOf(id);
        if (name === '') continue;
        const essential = essentialName(name);
        const same = names.get(essential);
        if (same === undefined) names.set(essential, [{ btf, id }]);
        else same.push({ btf, id });
      }
    }
    return names;
  }
}

/** A table after those it builds on. */
function tablesOf(btf: Btf): readonly Btf[] {
  return btf.base === undefined ? [btf] : [...tablesOf(btf.base), btf];
}
