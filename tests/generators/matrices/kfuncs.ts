/** Every kernel function: in programs of several types, with each argument of each kind; and pairs of calls in both orders. */
import { KFUNCS } from '../../../bpf/kfuncs/index.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import type { Case } from '../../../verifier/case/case.ts';
import { caseOf } from './case-text.ts';
import { EPILOGUE, MAPS, PROLOGUE, VALUES } from './values.ts';

/** What only kernel functions take. */
const MORE: Readonly<Record<string, (r: string) => string>> = {
  task: (r) => `call bpf_get_current_task_btf\n${r} = r0`,
  cgroup: (r) => `r1 = 1\ncall bpf_cgroup_from_id\n${r} = r0`,
  'cgroup-checked': (r) => `r1 = 1\ncall bpf_cgroup_from_id\nif r0 == 0 goto out\n${r} = r0`,
  'task-acquired': (r) => `r1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\n${r} = r0`,
  mask: (r) => `call bpf_cpumask_create\nif r0 == 0 goto out\n${r} = r0`,
  iterator: (r) => `r1 = r10\nr1 += -24\nr2 = 0\nr3 = 4\ncall bpf_iter_num_new\n${r} = r10\n${r} += -24`,
  dynptr: (r) =>
    `r1 = r8\nr2 = 16\nr3 = 0\nr4 = r10\nr4 += -48\ncall bpf_dynptr_from_mem\n${r} = r10\n${r} += -48`,
  record: (r) => `r1 = map[ringbuf]\nr2 = 16\nr3 = 0\ncall bpf_ringbuf_reserve\n${r} = r0`,
  'irq-flag': (r) => `r1 = r10\nr1 += -40\ncall bpf_local_irq_save\n${r} = r10\n${r} += -40`,
  'task-walk': (r) => `call bpf_get_current_task_btf\n${r} = *(u64 *)(r0 + 2400)`,
};

const ALL = { ...VALUES, ...MORE };

const TRACED = {
  attach: 'trace_raw_tp',
  attachBtf: { name: 'btf_trace_sched_switch', kind: 'typedef' },
} as const;

const PROGRAMS: readonly {
  readonly type: ProgramTypeName;
  readonly more?: Partial<Case> & { readonly attach?: 'trace_raw_tp' };
}[] = [
  { type: 'tracing', more: TRACED },
  { type: 'syscall', more: { flags: 0x10 } },
  { type: 'sched_cls' },
  { type: 'xdp' },
  { type: 'kprobe' },
  { type: 'raw_tracepoint' },
  { type: 'socket_filter' },
  { type: 'cgroup_skb', more: {} },
  { type: 'sk_skb' },
  { type: 'netfilter' },
];

/** Each function in each type of program, with stack for every argument. */
export function* kfuncTypesMatrix(): Generator<Case> {
  for (const { name } of KFUNCS) {
    for (const program of PROGRAMS) {
      yield* one(name, program, `${program.type}`, ['stack', 'stack', 'eight', 'zero', 'zero'], []);
    }
  }
}

/** Each argument of each kind, in programs that may call most of them. */
export function* kfuncArgumentsMatrix(): Generator<Case> {
  for (const { name } of KFUNCS) {
    for (const program of PROGRAMS.slice(0, 3)) {
      for (let index = 0; index < 4; index++) {
        for (const value of Object.keys(ALL)) {
          const values = ['stack', 'stack', 'eight', 'zero', 'zero'];
          values[index] = value;
          yield* one(name, program, `${program.type}/r${index + 1}=${value}`, values, []);
        }
      }
    }
  }
}

/** The value under test is made before the other arguments, since making it calls. */
function* one(
  name: string,
  program: (typeof PROGRAMS)[number],
  id: string,
  values: readonly string[],
  after: readonly string[],
): Generator<Case> {
  const special = values.findIndex((value) => value in MORE);
  const first = special < 0 ? [] : [MORE[values[special]!]!('r9')];
  const set = values.map((value, index) =>
    index === special ? `r${index + 1} = r9` : VALUES[value]!(`r${index + 1}`),
  );
  yield caseOf({
    id: `kfunc-${name}/#${id}`,
    type: program.type,
    ...program.more,
    ...(program.type === 'cgroup_skb' ? { attach: 'cgroup_inet_ingress' } : {}),
    ...(program.type === 'netfilter' ? { attach: 'netfilter' } : {}),
    text: [PROLOGUE, ...first, ...set, `call ${name}`, ...after, EPILOGUE].join('\n'),
    maps: MAPS,
  });
}

/** Functions that begin and end something; calls of two in a row, and what is forgotten at the end. */
const STEPS: Readonly<Record<string, string>> = {
  'rcu-lock': 'call bpf_rcu_read_lock',
  'rcu-unlock': 'call bpf_rcu_read_unlock',
  'preempt-off': 'call bpf_preempt_disable',
  'preempt-on': 'call bpf_preempt_enable',
  'irq-save': 'r1 = r10\nr1 += -40\ncall bpf_local_irq_save',
  'irq-save-2': 'r1 = r10\nr1 += -48\ncall bpf_local_irq_save',
  'irq-restore': 'r1 = r10\nr1 += -40\ncall bpf_local_irq_restore',
  'irq-restore-2': 'r1 = r10\nr1 += -48\ncall bpf_local_irq_restore',
  task: 'call bpf_get_current_task_btf\nr7 = r0',
  'task-acquire': 'r1 = r7\ncall bpf_task_acquire\nr7 = r0',
  'task-from-pid': 'r1 = 1\ncall bpf_task_from_pid\nr7 = r0',
  'null-check': 'if r7 == 0 goto out',
  'task-release': 'r1 = r7\ncall bpf_task_release',
  'task-parent': 'r7 = *(u64 *)(r7 + 0)',
  'iter-new': 'r1 = r10\nr1 += -24\nr2 = 0\nr3 = 3\ncall bpf_iter_num_new',
  'iter-next': 'r1 = r10\nr1 += -24\ncall bpf_iter_num_next\nr7 = r0',
  'iter-load': 'r7 = *(u32 *)(r7 + 0)',
  'iter-destroy': 'r1 = r10\nr1 += -24\ncall bpf_iter_num_destroy',
  'dynptr-new': 'r1 = r8\nr2 = 16\nr3 = 0\nr4 = r10\nr4 += -48\ncall bpf_dynptr_from_mem',
  'dynptr-reserve':
    'r1 = map[ringbuf]\nr2 = 16\nr3 = 0\nr4 = r10\nr4 += -48\ncall bpf_ringbuf_reserve_dynptr',
  'dynptr-data': 'r1 = r10\nr1 += -48\nr2 = 0\nr3 = 8\ncall bpf_dynptr_data\nr7 = r0',
  'dynptr-slice': 'r1 = r10\nr1 += -48\nr2 = 0\nr3 = 0\nr4 = 8\ncall bpf_dynptr_slice\nr7 = r0',
  'dynptr-submit': 'r1 = r10\nr1 += -48\nr2 = 0\ncall bpf_ringbuf_submit_dynptr',
  'dynptr-clobber': '*(u64 *)(r10 - 48) = r8',
  reserve: 'r1 = map[ringbuf]\nr2 = 16\nr3 = 0\ncall bpf_ringbuf_reserve\nr7 = r0',
  submit: 'r1 = r7\nr2 = 0\ncall bpf_ringbuf_submit',
  discard: 'r1 = r7\nr2 = 0\ncall bpf_ringbuf_discard',
  store: '*(u64 *)(r7 + 8) = 1',
  load: 'r1 = *(u64 *)(r7 + 8)',
  sleep: 'r1 = r10\nr1 += -32\nr2 = 8\nr3 = 0\ncall bpf_copy_from_user',
  probe: 'r1 = r10\nr1 += -32\nr2 = 8\nr3 = 0\ncall bpf_probe_read_kernel',
  spill: '*(u64 *)(r10 - 64) = r7',
  fill: 'r7 = *(u64 *)(r10 - 64)',
  'mask-new': 'call bpf_cpumask_create\nr7 = r0',
  'mask-set': 'r1 = 0\nr2 = r7\ncall bpf_cpumask_set_cpu',
  'mask-release': 'r1 = r7\ncall bpf_cpumask_release',
};

/** Three steps in a row, in every order. */
export function* stepsMatrix(): Generator<Case> {
  const names = Object.keys(STEPS);
  for (const program of PROGRAMS.slice(0, 2)) {
    for (const a of names) {
      for (const b of names) {
        for (const c of names) {
          yield caseOf({
            id: `steps-${program.type}-${a}/#${a}; ${b}; ${c}`,
            type: program.type,
            ...program.more,
            text: [PROLOGUE, STEPS[a], STEPS[b], STEPS[c], EPILOGUE].join('\n'),
            maps: MAPS,
          });
        }
      }
    }
  }
}
