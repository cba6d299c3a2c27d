/**
 * What calls do beyond giving a result: the one table passes ask before they move, share or drop anything around a call.
 * What is not known here is taken to read and write everything.
 */
import { type HelperArgument, type HelperName, helper } from '../../bpf/helpers/index.ts';
import type { IrInstruction } from './ir.ts';

type Call = Extract<IrInstruction, { kind: 'call-helper' }>;

/**
 * Helpers that answer the same however often one run of a program asks, and do nothing else: who runs, where, for whom.
 * Programs do not move to another CPU while they run (`migrate_disable`), and tasks do not change their ids meanwhile.
 */
const STABLE: ReadonlySet<HelperName> = new Set([
  'get_current_pid_tgid',
  'get_current_uid_gid',
  'get_current_cgroup_id',
  'get_current_ancestor_cgroup_id',
  'get_current_task',
  'get_current_task_btf',
  'get_smp_processor_id',
  'get_numa_node_id',
  'get_func_ip',
  'get_attach_cookie',
]);

/** Helpers that do nothing but fill the memory of their first argument, always with the same. */
const STABLE_FILLS: ReadonlySet<HelperName> = new Set(['get_current_comm']);

/** Helpers that do nothing but fill the memory of their first argument. */
const FILLS: ReadonlySet<HelperName> = new Set([
  ...STABLE_FILLS,
  'probe_read',
  'probe_read_kernel',
  'probe_read_user',
  'probe_read_str',
  'probe_read_kernel_str',
  'probe_read_user_str',
]);

/** Helpers that change which elements a map has, or what is in them. */
const MAP_WRITERS: ReadonlySet<HelperName> = new Set([
  'map_update_elem',
  'map_delete_elem',
  'map_push_elem',
  'map_pop_elem',
]);

/** Helpers that leave maps and what is in them as they are. */
const MAP_KEEPERS: ReadonlySet<HelperName> = new Set([
  ...STABLE,
  ...FILLS,
  'map_lookup_elem',
  'map_lookup_percpu_elem',
  'ktime_get_ns',
  'ktime_get_boot_ns',
  'ktime_get_coarse_ns',
  'ktime_get_tai_ns',
  'jiffies64',
  'get_prandom_u32',
  'ringbuf_output',
  'perf_event_output',
  'trace_printk',
  'get_stack',
  'probe_read_user_str',
]);

export function isStable({ helper: name }: Call): boolean {
  return STABLE.has(name);
}

/** The bytes its first argument points to are the same after each such call with the same other arguments. */
export function isStableFill({ helper: name }: Call): boolean {
  return STABLE_FILLS.has(name);
}

/** Nothing is lost without it when nobody reads what it filled or answered. */
export function onlyFills({ helper: name }: Call): boolean {
  return FILLS.has(name);
}

/** Which maps' elements the call may change: those named by its first argument, any, or none. */
export function writesMaps({ helper: name }: Call): 'first' | 'any' | 'none' {
  if (MAP_WRITERS.has(name)) return 'first';
  return MAP_KEEPERS.has(name) ? 'none' : 'any';
}

export type Access = 'none' | 'read' | 'write' | 'both';

/** What the helper does with memory an argument points to, by its prototype. */
export function argumentAccess({ helper: name }: Call, index: number): Access {
  const argument = helper(name).args[index];
  return argument === undefined ? 'both' : accessOf(argument);
}

function accessOf({ type, flags }: HelperArgument): Access {
  switch (type) {
    case 'CONST_MAP_PTR':
    case 'PTR_TO_CTX':
    case 'PTR_TO_FUNC':
    case 'CONST_SIZE':
    case 'CONST_SIZE_OR_ZERO':
      return 'none';
    // A plain number: helpers read memory at it at most, as `probe_read` does at its source.
    case 'ANYTHING':
    case 'PTR_TO_CONST_STR':
      return 'read';
    case 'PTR_TO_MAP_KEY':
    case 'PTR_TO_MAP_VALUE':
    case 'PTR_TO_MEM':
      if (flags.includes('MEM_UNINIT')) return 'write';
      return flags.includes('MEM_WRITE')
        ? 'both'
        : flags.includes('MEM_RDONLY') || type !== 'PTR_TO_MEM'
          ? 'read'
          : 'both';
    default:
      return 'both';
  }
}
