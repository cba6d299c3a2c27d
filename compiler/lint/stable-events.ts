/** Functions of the kernel that a tracepoint stands for, and probes that fire very often. */
import type { AttachPoint } from '../../bpf/attach-point.ts';

/** Function → `system:event`. */
const STABLE: Readonly<Record<string, string>> = {
  finish_task_switch: 'sched:sched_switch',
  try_to_wake_up: 'sched:sched_wakeup',
  ttwu_do_wakeup: 'sched:sched_wakeup',
  wake_up_new_task: 'sched:sched_wakeup_new',
  set_task_cpu: 'sched:sched_migrate_task',
  kernel_clone: 'sched:sched_process_fork',
  _do_fork: 'sched:sched_process_fork',
  copy_process: 'sched:sched_process_fork',
  do_exit: 'sched:sched_process_exit',
  do_execveat_common: 'sched:sched_process_exec',
  begin_new_exec: 'sched:sched_process_exec',
  tcp_retransmit_skb: 'tcp:tcp_retransmit_skb',
  tcp_set_state: 'sock:inet_sock_set_state',
  tcp_v4_destroy_sock: 'tcp:tcp_destroy_sock',
  kfree_skb: 'skb:kfree_skb',
  kfree_skb_reason: 'skb:kfree_skb',
  consume_skb: 'skb:consume_skb',
  netif_receive_skb: 'net:netif_receive_skb',
  __dev_queue_xmit: 'net:net_dev_queue',
  napi_poll: 'napi:napi_poll',
  submit_bio: 'block:block_bio_queue',
  blk_mq_start_request: 'block:block_rq_issue',
  blk_account_io_start: 'block:block_rq_issue',
  blk_account_io_done: 'block:block_rq_complete',
  blk_mq_complete_request: 'block:block_rq_complete',
  __alloc_pages: 'kmem:mm_page_alloc',
  kmem_cache_alloc: 'kmem:kmem_cache_alloc',
  kmem_cache_free: 'kmem:kmem_cache_free',
  __kmalloc: 'kmem:kmalloc',
  kfree: 'kmem:kfree',
  filemap_add_folio: 'filemap:mm_filemap_add_to_page_cache',
  add_to_page_cache_lru: 'filemap:mm_filemap_add_to_page_cache',
  shrink_node: 'vmscan:mm_vmscan_node_reclaim_begin',
  try_to_free_pages: 'vmscan:mm_vmscan_direct_reclaim_begin',
  __send_signal: 'signal:signal_generate',
  __send_signal_locked: 'signal:signal_generate',
  get_signal: 'signal:signal_deliver',
  wb_writeback: 'writeback:writeback_start',
  do_sys_open: 'syscalls:sys_enter_openat',
  do_sys_openat2: 'syscalls:sys_enter_openat',
  __do_softirq: 'irq:softirq_entry',
  handle_irq_event_percpu: 'irq:irq_handler_entry',
};

/** The entry of a system call as architectures and releases call it. */
const SYSCALL = /^(?:__(?:x64|ia32|arm64|s390x)_|__se_|__do_)?(?:sys|ksys|SyS)_(\w+)$/;

/** The tracepoint that tells the same as a probe of this function. */
export function stableEvent(name: string, mode: 'entry' | 'return'): string | undefined {
  const call = SYSCALL.exec(name)?.[1];
  if (call !== undefined) return `syscalls:sys_${mode === 'entry' ? 'enter' : 'exit'}_${call}`;
  return mode === 'entry' && Object.hasOwn(STABLE, name) ? STABLE[name] : undefined;
}

/** Events of some thousand to some hundred thousand a second on a machine at work. */
const HOT =
  /^(raw_syscalls:|kmem:(kmalloc|kfree|kmem_cache_\w+|mm_page_\w+)$|sched:sched_(switch|waking|wakeup|stat_runtime)$|irq:softirq_|irq_vectors:|timer:(timer|hrtimer)_|rcu:|lock:|preemptirq:|page_ref:)/;
const HOT_FUNCTION =
  /^(vfs_(read|write)|schedule|__schedule|finish_task_switch|kfree|__kmalloc|kmem_cache_(alloc|free)|kmalloc|malloc|free|calloc|realloc|_raw_spin_\w+|mutex_(un)?lock)$/;

export function isHot(point: AttachPoint): boolean {
  switch (point.kind) {
    case 'tracepoint':
      return HOT.test(`${point.system}:${point.event}`);
    case 'rawtracepoint':
      return /^(sys_enter|sys_exit|sched_(switch|waking|wakeup)|kmalloc|kfree|kmem_cache_\w+)$/.test(
        point.event,
      );
    case 'kprobe':
    case 'kretprobe':
    case 'fentry':
    case 'fexit':
    case 'uprobe':
    case 'uretprobe':
      return HOT_FUNCTION.test(point.function);
    default:
      return false;
  }
}
