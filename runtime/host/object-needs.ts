/** What the programs of an object ask of the world they run in, so that a kernel may leave out the rest. */
import { CallKind } from '../../bpf/fields.ts';
import type { HelperName } from '../../bpf/helpers/helper.ts';
import { helper } from '../../bpf/helpers/index.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { callsAny, callsOther } from './helper-calls.ts';

export interface ObjectNeeds {
  readonly stacks: boolean;
  /** The current task: its ids, its name. */
  readonly tasks: boolean;
  /** Timers and work of their own, which come between events. */
  readonly timers: boolean;
}

export const NO_NEEDS: ObjectNeeds = { stacks: false, tasks: false, timers: false };

export function joinNeeds(a: ObjectNeeds, b: ObjectNeeds): ObjectNeeds {
  return { stacks: a.stacks || b.stacks, tasks: a.tasks || b.tasks, timers: a.timers || b.timers };
}

export function needsOf({ programs, functions }: BpfObject): ObjectNeeds {
  const codes = [...programs, ...functions].map(({ instructions }) => instructions);
  const callsKernel = codes.some((code) =>
    code.some(({ op, src }) => op === 'callx' || (op === 'call' && src === CallKind.kfunc)),
  );
  return {
    stacks: codes.some((code) => callsAny(code, STACK_HELPERS)),
    tasks: codes.some((code) => callsOther(code, TASKLESS_HELPERS)),
    timers: callsKernel || codes.some((code) => callsAny(code, TIMER_HELPERS)),
  };
}

function idsOf(...names: readonly HelperName[]): ReadonlySet<number> {
  return new Set(names.map((name) => helper(name).id));
}

const STACK_HELPERS: ReadonlySet<number> = idsOf('get_stackid', 'get_stack', 'get_task_stack');
const TIMER_HELPERS: ReadonlySet<number> = idsOf('timer_init', 'timer_start');
/** Those that have nothing to do with the current task. */
const TASKLESS_HELPERS: ReadonlySet<number> = idsOf(
  'map_lookup_elem',
  'map_update_elem',
  'map_delete_elem',
  'map_lookup_percpu_elem',
  'for_each_map_elem',
  'loop',
  'ktime_get_ns',
  'ktime_get_boot_ns',
  'ktime_get_tai_ns',
  'get_smp_processor_id',
  'get_prandom_u32',
  'perf_event_output',
  'ringbuf_output',
  'ringbuf_reserve',
  'ringbuf_submit',
  'ringbuf_discard',
  'probe_read_kernel',
  'probe_read_kernel_str',
);
