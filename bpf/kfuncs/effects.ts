/** What kernel functions do besides what their flags and prototypes say. */

/** They call a function of the program that they are given: before they return (`is_sync_callback_calling_kfunc`), or later. */
export const KFUNC_CALLS_BACK: ReadonlyMap<string, 'sync' | 'async'> = new Map([
  ['bpf_rbtree_add_impl', 'sync'],
  ['bpf_wq_set_callback_impl', 'async'],
  ['bpf_task_work_schedule_signal', 'async'],
  ['bpf_task_work_schedule_resume', 'async'],
  ['bpf_task_work_schedule_signal_impl', 'async'],
  ['bpf_task_work_schedule_resume_impl', 'async'],
]);

/** The packet may move: pointers into it are void afterwards (`bpf_helper_changes_pkt_data`, `is_kfunc_pkt_changing`). */
export const KFUNC_MOVES_PACKET: ReadonlySet<string> = new Set(['bpf_xdp_pull_data']);
