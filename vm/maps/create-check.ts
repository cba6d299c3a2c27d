/**
 * What Linux 6.18 answers to `BPF_MAP_CREATE`: the checks of `map_create` and of each type's `map_alloc_check` and
 * `map_alloc`, in their order. `bpf/maps.ts` has the same rules in words; here it is which error number comes first.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import { sizeOf } from '../../bpf/btf/layout.ts';
import { type MapDefinition, MapFlags, type MapSpec, type MapTypeName } from '../../bpf/maps.ts';
import { E2BIG, EINVAL, ENOTSUPP, ERANGE } from '../errno.ts';

/** Number of a refusal, or 0. */
type Check = (spec: MapSpec, cpus: number) => number;

const F = MapFlags;
const FILE: number = F.RDONLY | F.WRONLY;
const PROGRAM: number = F.RDONLY_PROG | F.WRONLY_PROG;
const ACCESS: number = FILE | PROGRAM;
/** KMALLOC_MAX_SIZE */
const KMALLOC = 4_194_304;
/** `struct htab_elem`, `struct lpm_trie_node` */
const HASH_ELEMENT = 48;
const TRIE_NODE = 24;
const LONGEST_PREFIX = 256;
/** PCPU_MIN_UNIT_SIZE */
const PER_CPU = 32_768;
/** BPF_LOCAL_STORAGE_MAX_VALUE_SIZE: U16_MAX less `struct bpf_local_storage_elem` */
const STORAGE: number = 65_535 - 128;
/** MAX_BPF_STACK */
const STACK = 512;
/** NR_CPUS of most kernels; more entries of a CPUMAP are -E2BIG. */
const NR_CPUS = 8192;
/** sysctl kernel.perf_event_max_stack */
const FRAMES = 127;
/** `struct bpf_stack_build_id` */
const BUILD_ID_FRAME = 32;
const ARENA_PAGE = 4096;

const array: Check = ({ type, keySize, valueSize, maxEntries, flags }) => {
  const all = F.NUMA_NODE | F.MMAPABLE | ACCESS | F.PRESERVE_ELEMS | F.INNER_MAP;
  const perCpu = type === 'percpu_array';
  if (maxEntries === 0 || keySize !== 4 || valueSize === 0 || badFlags(flags, all)) return EINVAL;
  if (perCpu && (flags & F.NUMA_NODE) !== 0) return EINVAL;
  if (type !== 'array' && (flags & (F.MMAPABLE | F.INNER_MAP)) !== 0) return EINVAL;
  if (type !== 'perf_event_array' && (flags & F.PRESERVE_ELEMS) !== 0) return EINVAL;
  if (valueSize > 0x7fff_ffff) return E2BIG;
  return perCpu && round8(valueSize) > PER_CPU ? E2BIG : 0;
};

const slots: Check = (spec, cpus) =>
  spec.valueSize !== 4 || (spec.flags & PROGRAM) !== 0 ? EINVAL : array(spec, cpus);

const hash: Check = ({ type, keySize, valueSize, maxEntries, flags }) => {
  const lru = type === 'lru_hash' || type === 'lru_percpu_hash';
  const perCpu = type === 'percpu_hash' || type === 'lru_percpu_hash';
  const ownLists = (flags & F.NO_COMMON_LRU) !== 0;
  if (badFlags(flags, F.NO_PREALLOC | F.NO_COMMON_LRU | F.NUMA_NODE | ACCESS | F.ZERO_SEED)) return EINVAL;
  if (!lru && ownLists) return EINVAL;
  if (lru && (flags & F.NO_PREALLOC) !== 0) return ENOTSUPP;
  if ((flags & F.NUMA_NODE) !== 0 && (perCpu || ownLists)) return EINVAL;
  if (maxEntries === 0 || keySize === 0 || valueSize === 0) return EINVAL;
  if (keySize + valueSize >= KMALLOC - HASH_ELEMENT) return E2BIG;
  if (perCpu && round8(valueSize) > PER_CPU) return E2BIG;
  // Buckets are a power of two, of 16 bytes each, and their bytes have to fit 32 bits.
  return maxEntries > 2 ** 27 ? E2BIG : 0;
};

const storage: Check = ({ keySize, valueSize, maxEntries, flags, btf }) => {
  if ((flags & ~(F.NO_PREALLOC | F.CLONE)) !== 0 || (flags & F.NO_PREALLOC) === 0) return EINVAL;
  if (maxEntries !== 0 || keySize !== 4 || valueSize === 0) return EINVAL;
  if ((btf?.key ?? 0) === 0 || (btf?.value ?? 0) === 0) return EINVAL;
  return valueSize > STORAGE ? E2BIG : 0;
};

const cgroupStorage: Check = ({ type, keySize, valueSize, maxEntries, flags }) => {
  const most = type === 'percpu_cgroup_storage' ? PER_CPU : STORAGE;
  if (keySize !== 8 && keySize !== 16) return EINVAL;
  if (valueSize === 0) return EINVAL;
  if (valueSize > most) return E2BIG;
  return badFlags(flags, F.NUMA_NODE | ACCESS) || maxEntries !== 0 ? EINVAL : 0;
};

const ring: Check = ({ keySize, valueSize, maxEntries, flags }) => {
  const wrong = (flags & ~F.NUMA_NODE) !== 0 || keySize !== 0 || valueSize !== 0;
  return wrong || maxEntries < 4096 || !isPowerOfTwo(maxEntries) ? EINVAL : 0;
};

const device: Check = ({ type, keySize, valueSize, maxEntries, flags }) => {
  if (maxEntries === 0 || keySize !== 4 || (valueSize !== 4 && valueSize !== 8)) return EINVAL;
  if ((flags & ~(F.NUMA_NODE | FILE)) !== 0) return EINVAL;
  return type === 'devmap_hash' && maxEntries > 2 ** 31 ? EINVAL : 0;
};

const queue: Check = ({ keySize, valueSize, maxEntries, flags }) => {
  if (maxEntries === 0 || keySize !== 0 || valueSize === 0 || badFlags(flags, F.NUMA_NODE | ACCESS)) {
    return EINVAL;
  }
  return valueSize > KMALLOC ? E2BIG : 0;
};

const CHECKS: Partial<Readonly<Record<MapTypeName, Check>>> = {
  array,
  percpu_array: array,
  prog_array: slots,
  perf_event_array: slots,
  cgroup_array: slots,
  array_of_maps: (spec, cpus) => slots(spec, cpus) || innerProblem(spec, cpus),
  hash_of_maps: (spec, cpus) =>
    spec.valueSize !== 4 ? EINVAL : hash(spec, cpus) || innerProblem(spec, cpus),
  reuseport_sockarray: (spec, cpus) =>
    spec.valueSize !== 4 && spec.valueSize !== 8 ? EINVAL : array(spec, cpus),
  hash,
  percpu_hash: hash,
  lru_hash: hash,
  lru_percpu_hash: hash,
  stack_trace({ keySize, valueSize, maxEntries, flags }) {
    const frame = (flags & F.STACK_BUILD_ID) !== 0 ? BUILD_ID_FRAME : 8;
    if ((flags & ~(F.NUMA_NODE | FILE | F.STACK_BUILD_ID)) !== 0 || maxEntries === 0) return EINVAL;
    if (keySize !== 4 || valueSize < 8 || valueSize % frame !== 0 || valueSize / frame > FRAMES)
      return EINVAL;
    return maxEntries > 2 ** 31 ? E2BIG : 0;
  },
  lpm_trie({ keySize, valueSize, maxEntries, flags }) {
    if (maxEntries === 0 || (flags & F.NO_PREALLOC) === 0) return EINVAL;
    if (badFlags(flags, F.NO_PREALLOC | F.NUMA_NODE | ACCESS)) return EINVAL;
    if (keySize < 5 || keySize > 4 + LONGEST_PREFIX) return EINVAL;
    return valueSize < 1 || valueSize > KMALLOC - LONGEST_PREFIX - TRIE_NODE ? EINVAL : 0;
  },
  devmap: device,
  devmap_hash: device,
  cpumap({ keySize, valueSize, maxEntries, flags }) {
    const wrong = maxEntries === 0 || keySize !== 4 || (valueSize !== 4 && valueSize !== 8);
    if (wrong || (flags & ~F.NUMA_NODE) !== 0) return EINVAL;
    return maxEntries > NR_CPUS ? E2BIG : 0;
  },
  xskmap({ keySize, valueSize, maxEntries, flags }) {
    const wrong = maxEntries === 0 || keySize !== 4 || valueSize !== 4;
    return wrong || (flags & ~(F.NUMA_NODE | FILE)) !== 0 ? EINVAL : 0;
  },
  sockmap({ keySize, valueSize, maxEntries, flags }) {
    const wrong = maxEntries === 0 || keySize !== 4 || (valueSize !== 4 && valueSize !== 8);
    return wrong || (flags & ~(F.NUMA_NODE | FILE)) !== 0 ? EINVAL : 0;
  },
  sockhash({ keySize, valueSize, maxEntries, flags }) {
    const wrong = maxEntries === 0 || keySize === 0 || (valueSize !== 4 && valueSize !== 8);
    if (wrong || (flags & ~(F.NUMA_NODE | FILE)) !== 0) return EINVAL;
    return keySize > STACK ? E2BIG : 0;
  },
  queue,
  stack: queue,
  ringbuf: ring,
  user_ringbuf: ring,
  bloom_filter({ keySize, valueSize, maxEntries, flags, mapExtra = 0n }) {
    if (valueSize > KMALLOC) return E2BIG;
    const wrong = keySize !== 0 || valueSize === 0 || maxEntries === 0 || mapExtra > 15n;
    return wrong || badFlags(flags, F.NUMA_NODE | F.ZERO_SEED | ACCESS) ? EINVAL : 0;
  },
  task_storage: storage,
  inode_storage: storage,
  cgrp_storage: storage,
  sk_storage: storage,
  cgroup_storage: cgroupStorage,
  percpu_cgroup_storage: cgroupStorage,
  arena({ keySize, valueSize, maxEntries, flags, mapExtra = 0n }) {
    const wrong = keySize !== 0 || valueSize !== 0 || maxEntries === 0 || (flags & F.MMAPABLE) === 0;
    if (wrong || (flags & ~(F.SEGV_ON_FAULT | F.MMAPABLE | F.NO_USER_CONV)) !== 0) return EINVAL;
    if (mapExtra % BigInt(ARENA_PAGE) !== 0n) return EINVAL;
    const bytes = BigInt(maxEntries) * BigInt(ARENA_PAGE);
    if (bytes > 1n << 32n) return E2BIG;
    return mapExtra >> 32n === (mapExtra + bytes - 1n) >> 32n ? 0 : ERANGE;
  },
  struct_ops({ keySize, maxEntries, flags }) {
    const wrong = keySize !== 4 || maxEntries !== 1;
    return wrong || (flags & ~(F.LINK | F.VTYPE_BTF_OBJ_FD)) !== 0 ? EINVAL : 0;
  },
};

/** The negative errno with which Linux refuses to make a map, or 0. A machine has one NUMA node. */
export function createError(definition: MapDefinition | MapSpec, cpus: number): number {
  const { type, flags, mapExtra = 0n, numaNode = 0, btf } = definition;
  if ((btf?.key ?? 0) !== 0 && btf?.value === 0) return EINVAL;
  if (mapExtra !== 0n && type !== 'bloom_filter' && type !== 'arena') return EINVAL;
  if ((flags & FILE) === FILE) return EINVAL;
  if ((flags & F.NUMA_NODE) !== 0 && numaNode !== 0) return EINVAL;
  return CHECKS[type]?.(definition, cpus) ?? EINVAL;
}

/**
 * `map_check_btf`: whether the types a definition names have the sizes of key and value. True as well where it names none,
 * or there is no BTF to look in.
 */
export function typesFit({ keySize, valueSize, btf: ids }: MapSpec, btf: Btf | undefined): boolean {
  if (btf === undefined || ids === undefined || ids.value === 0) return true;
  if (ids.key >= btf.end || ids.value >= btf.end) return false;
  return (ids.key === 0 || sizeOf(btf, ids.key) === keySize) && sizeOf(btf, ids.value) === valueSize;
}

/** `bpf_map_meta_alloc`: types without `map_meta_equal`, and maps of maps, cannot be inside. */
function innerProblem({ inner }: MapSpec, cpus: number): number {
  if (inner === undefined) return EINVAL;
  const refused = createError(inner, cpus);
  if (refused !== 0) return refused;
  if (inner.type === 'array_of_maps' || inner.type === 'hash_of_maps') return EINVAL;
  return NEVER_INSIDE.includes(inner.type) ? ENOTSUPP : 0;
}

const NEVER_INSIDE: readonly MapTypeName[] = [
  'prog_array',
  'struct_ops',
  'cgroup_storage',
  'percpu_cgroup_storage',
];

/** Flags beyond `all`, or both ways of keeping programs out (`bpf_map_flags_access_ok`). */
function badFlags(flags: number, all: number): boolean {
  return (flags & ~all) !== 0 || (flags & PROGRAM) === PROGRAM;
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}

function round8(size: number): number {
  return Math.ceil(size / 8) * 8;
}
