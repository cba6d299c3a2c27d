/**
 * The types of an object that go to the kernel with a program: those of its functions, and of the maps it uses. The rest
 * stays at home, for sections of externs are nothing a kernel takes.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../bpf/btf/builder.ts';
import { subsetBtf } from '../../bpf/btf/subset.ts';
import type { BtfFunction, TypeId } from '../../bpf/btf/type.ts';
import type { MapTypeName } from '../../bpf/maps.ts';
import type { BpfFunction, BpfObject } from '../../bpf/object.ts';

export interface CutTypes {
  readonly bytes: Uint8Array;
  idOf(id: TypeId): TypeId;
}

/** Types that `map_create` wants without types of key and value (libbpf's `bpf_object__create_map`). */
const UNTYPED_MAPS: readonly MapTypeName[] = [
  'perf_event_array',
  'cgroup_array',
  'stack_trace',
  'array_of_maps',
  'hash_of_maps',
  'devmap',
  'devmap_hash',
  'cpumap',
  'xskmap',
  'sockmap',
  'sockhash',
  'queue',
  'stack',
  'arena',
];

/** Loaders make this map with the types of its key and value. */
export function takesTypes(name: string, type: MapTypeName): boolean {
  return name !== '.kconfig' && !UNTYPED_MAPS.includes(type);
}

export class ObjectTypes {
  readonly #btf: Btf | undefined;
  /** Instructions hold ids of the object's types (`bpf_core_type_id_local`): they must stay. */
  readonly #keepsIds: boolean;
  readonly #known = new Map<string, CutTypes>();

  constructor({ btf, programs, functions }: Pick<BpfObject, 'btf' | 'programs' | 'functions'>) {
    this.#btf = btf;
    this.#keepsIds = [...programs, ...functions].some(namesLocalTypes);
  }

  /** What `roots` need. Undefined when the object has no types. */
  cut(roots: readonly TypeId[]): CutTypes | undefined {
    if (this.#btf === undefined) return undefined;
    const key = this.#keepsIds ? '' : roots.join(',');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.#keepsIds ? whole(withoutExterns(this.#btf)) : part(this.#btf, roots);
    this.#known.set(key, made);
    return made;
  }
}

function namesLocalTypes({ instructions }: BpfFunction): boolean {
  return instructions.some(({ core }) => core?.kind === 'type_id_local');
}

/** The same under the same ids: what is defined elsewhere says so to the linker only, and no kernel takes it. */
function withoutExterns(btf: Btf): Btf {
  const builder = BtfBuilder.from(btf);
  for (let id = btf.firstId; id < btf.end; id++) {
    const type = btf.type(id);
    if (type.kind === 'func' && type.linkage === 'extern') defineFunction(btf, builder, id, type);
    else if (isExternal(btf, id)) builder.replace(id, { kind: 'const', type: 0 });
  }
  return builder.build({ littleEndian: true });
}

/** Functions that are defined have names for their parameters. */
function defineFunction(btf: Btf, builder: BtfBuilder, id: TypeId, func: BtfFunction): void {
  builder.replace(id, { ...func, linkage: 'global' });
  const prototype = btf.type(func.type);
  if (prototype.kind !== 'func_proto') return;
  const parameters = prototype.parameters.map(({ name, type }, i) => ({ name: name || `p${i}`, type }));
  builder.replace(func.type, { ...prototype, parameters });
}

/** A variable that is defined elsewhere, or a section of such and of functions. */
function isExternal(btf: Btf, id: TypeId): boolean {
  const type = btf.type(id);
  if (type.kind === 'var') return type.linkage === 'extern';
  if (type.kind !== 'datasec') return false;
  return type.variables.some((one) => btf.kindOf(one.type) === 'func' || isExternal(btf, one.type));
}

function whole(btf: Btf): CutTypes {
  const bytes = btf.littleEndian ? btf.bytes() : BtfBuilder.from(btf).build({ littleEndian: true }).bytes();
  return { bytes, idOf: (id) => id };
}

function part(btf: Btf, roots: readonly TypeId[]): CutTypes {
  const cut = subsetBtf(btf, roots);
  return { bytes: whole(cut.btf).bytes, idOf: (id) => cut.idOf(id) ?? 0 };
}
