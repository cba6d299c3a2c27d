/**
 * Arguments of tracepoints that may be null, or an error number instead of a pointer, where no tag says so: facts of the
 * kernel's events (`raw_tp_null_args` of `kernel/bpf/btf.c`), arguments counted from 0.
 */

export interface OddArguments {
  readonly mayBeNull: readonly number[];
  readonly mayBeError: readonly number[];
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** Events with the same odd arguments in one row. */
const ROWS: readonly (readonly [readonly number[], readonly number[], readonly string[]])[] = [
  [
    [1],
    [],
    words(`
      sched_pi_setprio afs_make_fs_call afs_make_fs_calli afs_make_fs_call1 afs_make_fs_call2
      afs_flock_ev ext4_mballoc_discard ext4_mballoc_free posix_lock_inode fcntl_setlk
      locks_remove_posix flock_lock_inode break_lease_noblock break_lease_block break_lease_unblock
      generic_delete_lease time_out_leases mm_khugepaged_scan_pmd mm_khugepaged_scan_file
      mm_khugepaged_collapse_file netfs_failure device_pm_callback_start rxrpc_resend
      xprt_reserve_cong xprt_release_cong xprt_get_cong xprt_put_cong writeback_dirty_folio
      folio_wait_writeback
    `),
  ],
  [
    [0],
    [],
    words(`
      sched_process_wait afs_protocol_error cachefiles_unlink cachefiles_rename cachefiles_prep_read
      cachefiles_mark_active cachefiles_mark_failed cachefiles_mark_inactive cachefiles_vfs_error
      cachefiles_io_error cachefiles_ondemand_open cachefiles_ondemand_copen
      cachefiles_ondemand_close cachefiles_ondemand_read cachefiles_ondemand_cread
      cachefiles_ondemand_fd_write cachefiles_ondemand_fd_release mm_collapse_huge_page_isolate
      mm_page_alloc mm_page_pcpu_drain mm_page_alloc_zone_locked rxrpc_recvdata xs_stream_read_data
      tmigr_update_events
    `),
  ],
  [
    [2],
    [],
    words(`
      sched_stick_numa sched_swap_numa fib_table_lookup tegra_dma_tx_status
    `),
  ],
  [
    [0],
    [2],
    words(`
      cachefiles_lookup
    `),
  ],
  [
    [4],
    [],
    words(`
      host1x_cdma_push_gather
    `),
  ],
  [
    [3],
    [],
    words(`
      qdisc_dequeue kfree_skb
    `),
  ],
  [
    [],
    [1],
    words(`
      signal_generate signal_deliver
    `),
  ],
  [
    [0, 1],
    [],
    words(`
      tcp_send_reset
    `),
  ],
  [
    [],
    [3],
    words(`
      mr_integ_alloc
    `),
  ],
  // Answers of a 6.18 kernel, event by event, beyond its table of odd ones.
  [
    [0],
    [],
    words(`
      xfs_blockgc_flush_all xfs_blockgc_start xfs_blockgc_stop xfs_blockgc_worker xfs_defer_add_item xfs_defer_cancel_item xfs_defer_cancel_list xfs_defer_create_intent xfs_defer_finish_item xfs_defer_isolate_paused xfs_defer_item_pause xfs_defer_item_unpause xfs_defer_pending_abort xfs_defer_pending_finish xfs_defer_relog_intent xfs_fs_sync_fs xfs_inodegc_flush xfs_inodegc_push xfs_inodegc_queue xfs_inodegc_start xfs_inodegc_stop xfs_inodegc_throttle
    `),
  ],
  [
    [1],
    [],
    words(`
      hugetlbfs_alloc_inode xfs_blockgc_free_space xfs_ioc_free_eofblocks
    `),
  ],
  [
    [2],
    [],
    words(`
      tcp_sendmsg_locked xfs_btree_overlapped_query_range xfs_btree_updkeys
    `),
  ],
  [
    [4],
    [],
    words(`
      xfs_map_blocks_alloc xfs_map_blocks_found
    `),
  ],
];

/** By name of the event. */
export const ODD_ARGUMENTS: ReadonlyMap<string, OddArguments> = new Map(
  ROWS.flatMap(([mayBeNull, mayBeError, events]) =>
    events.map((event) => [event, { mayBeNull, mayBeError }] as const),
  ),
);
