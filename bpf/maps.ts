/**
 * Map types and map definitions. The table says what `map_create` of Linux demands of each type's sizes; a definition
 * is the blueprint of one map (libbpf's `struct bpf_map_def` and `.maps` section).
 */
import type { TypeId } from './btf/type.ts';
import type { KernelRelease } from './kernel-release.ts';
import { type MAP_TYPE_NAMES, MAP_TYPES } from './tables/map-types.ts';

export { MAP_TYPES };

/** Name without `BPF_MAP_TYPE_`, in small letters, as libbpf and bpftool print it. */
export type MapTypeName = (typeof MAP_TYPE_NAMES)[number];

/** Which sizes in bytes a type allows: `min` ... `max` in multiples of `step`, or just those of `oneOf`. */
export type SizeRule =
  | { readonly kind: 'range'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: 'one-of'; readonly oneOf: readonly number[] };

/** What `max_entries` must be. `pages`: a power of two and whole pages, in bytes. `cpus`: any number, 0 for the machine's CPUs. */
export type EntriesRule = 'some' | 'zero' | 'one' | 'pages' | 'cpus';

export interface MapType {
  /** Number in `enum bpf_map_type`. */
  readonly id: number;
  readonly name: MapTypeName;
  readonly key: SizeRule;
  readonly value: SizeRule;
  readonly entries: EntriesRule;
  /** One value for each possible CPU. */
  readonly perCpu: boolean;
  /** Values are maps: the definition needs `inner`. */
  readonly mapOfMaps: boolean;
  /** Flags that must be set. */
  readonly requiredFlags: number;
  /** The map needs BTF of its value (local storage, struct_ops). */
  readonly needsBtf: boolean;
  readonly since: KernelRelease;
}

/** `BPF_F_*` flags of `map_create`, names without the prefix. */
export const MapFlags = {
  NO_PREALLOC: 0x1,
  NO_COMMON_LRU: 0x2,
  NUMA_NODE: 0x4,
  RDONLY: 0x8,
  WRONLY: 0x10,
  STACK_BUILD_ID: 0x20,
  ZERO_SEED: 0x40,
  RDONLY_PROG: 0x80,
  WRONLY_PROG: 0x100,
  CLONE: 0x200,
  MMAPABLE: 0x400,
  PRESERVE_ELEMS: 0x800,
  INNER_MAP: 0x1000,
  LINK: 0x2000,
  PATH_FD: 0x4000,
  VTYPE_BTF_OBJ_FD: 0x8000,
  TOKEN_FD: 0x1_0000,
  SEGV_ON_FAULT: 0x2_0000,
  NO_USER_CONV: 0x4_0000,
} as const;

/** Flags of `map_update_elem`; `LOCK` also of lookups. */
export const UpdateFlags = { ANY: 0, NOEXIST: 1, EXIST: 2, LOCK: 4 } as const;

/** Sizes and type of a map without its name: what an inner map of a map of maps has. */
export interface MapSpec {
  readonly type: MapTypeName;
  /** Bytes; 0 where the type has no keys. */
  readonly keySize: number;
  /** Bytes of one value (of one CPU's value where `perCpu`). */
  readonly valueSize: number;
  /**
   * Entries, or bytes for ring buffers, or pages for arenas. 0 in a perf event array stands for the machine's number of
   * CPUs: the loader fills it in (libbpf's `bpf_object__create_map`).
   */
  readonly maxEntries: number;
  /** Or-ed {@link MapFlags}. */
  readonly flags: number;
  /** `map_extra`: hash functions of a bloom filter, fixed address of an arena. */
  readonly mapExtra?: bigint;
  /** Blueprint of the values of a map of maps. */
  readonly inner?: MapSpec;
  /** Types of key and value in the object's BTF; 0 where there is none (`btf_key_type_id`, `btf_value_type_id`). */
  readonly btf?: { readonly key: TypeId; readonly value: TypeId };
  readonly numaNode?: number;
}

/** Blueprint of one map. Names are unique in an object. */
export interface MapDefinition extends MapSpec {
  readonly name: string;
  /** Shared through bpffs under its name (`LIBBPF_PIN_BY_NAME`). */
  readonly pinning?: 'by-name';
  /** Maps and programs put into slots before programs run (`.values` of a map of maps or a program array). */
  readonly slots?: readonly MapSlot[];
}

/** A static value of a map. */
export interface MapSlot {
  /** Key; of `struct_ops` the index of the structure's member. */
  readonly index: number;
  readonly target: { readonly kind: 'map' | 'program'; readonly name: string };
}

const BY_NAME: ReadonlyMap<string, MapType> = new Map(MAP_TYPES.map((type) => [type.name, type]));
const BY_ID: ReadonlyMap<number, MapType> = new Map(MAP_TYPES.map((type) => [type.id, type]));

/** The row of a type. */
export function mapType(name: MapTypeName): MapType {
  return BY_NAME.get(name)!;
}

/** The row of a name from outside, with or without `BPF_MAP_TYPE_`, in any case. */
export function findMapType(name: string): MapType | undefined {
  return BY_NAME.get(name.replace(/^BPF_MAP_TYPE_/i, '').toLowerCase());
}

/** The row of a number in `enum bpf_map_type`. */
export function mapTypeById(id: number): MapType | undefined {
  return BY_ID.get(id);
}

/** What Linux would refuse in these sizes; one line each, empty when nothing. Source: `*_alloc_check` of each map. */
export function mapProblems(spec: MapSpec): readonly string[] {
  const type = mapType(spec.type);
  const problems: string[] = [];
  if (!allows(type.key, spec.keySize)) problems.push(`key size ${spec.keySize} is not ${describe(type.key)}`);
  const value = (spec.flags & MapFlags.STACK_BUILD_ID) === 0 ? type.value : BUILD_ID_STACK;
  if (!allows(value, spec.valueSize)) problems.push(`value size ${spec.valueSize} is not ${describe(value)}`);
  if (!allowsEntries(type.entries, spec.maxEntries)) {
    problems.push(`max_entries ${spec.maxEntries} is not ${ENTRIES_TEXT[type.entries]}`);
  }
  if ((spec.flags & type.requiredFlags) !== type.requiredFlags) {
    problems.push(`flags lack 0x${type.requiredFlags.toString(16)}, which ${spec.type} needs`);
  }
  if (type.mapOfMaps && spec.inner === undefined) problems.push(`${spec.type} needs an inner map`);
  return problems;
}

/** Frames of a stack map with `STACK_BUILD_ID` (`struct bpf_stack_build_id`). */
const BUILD_ID_STACK: SizeRule = { kind: 'range', min: 32, max: 127 * 32, step: 32 };

const ENTRIES_TEXT: Readonly<Record<EntriesRule, string>> = {
  some: 'at least 1',
  zero: '0',
  one: '1',
  pages: 'a power of two of at least 4096',
  cpus: 'a number of CPUs, or 0 for all',
};

function allows(rule: SizeRule, size: number): boolean {
  if (rule.kind === 'one-of') return rule.oneOf.includes(size);
  return Number.isInteger(size) && size >= rule.min && size <= rule.max && size % rule.step === 0;
}

function describe(rule: SizeRule): string {
  if (rule.kind === 'one-of') return rule.oneOf.join(' or ');
  const step = rule.step === 1 ? '' : ` in multiples of ${rule.step}`;
  return `${rule.min} to ${rule.max}${step}`;
}

function allowsEntries(rule: EntriesRule, entries: number): boolean {
  if (!Number.isInteger(entries) || entries < 0 || entries > 0xffff_ffff) return false;
  switch (rule) {
    case 'some':
      return entries > 0;
    case 'zero':
      return entries === 0;
    case 'one':
      return entries === 1;
    case 'cpus':
      return true;
    case 'pages':
      return entries >= 4096 && Number.isInteger(Math.log2(entries));
  }
}
