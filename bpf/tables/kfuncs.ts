/**
 * Kernel functions of Linux 6.18 by the sets they are registered in (`BTF_KFUNCS_START`), with the release each came in and
 * its flags. Which programs get a set was measured by asking a 6.18 kernel, function by function and program type by type.
 */
import type { KfuncSet } from '../kfuncs/kfunc.ts';

/** A set and its functions: a line is a name, the release, flags. */
export interface KfuncRows extends KfuncSet {
  readonly rows: string;
}

export const KFUNC_ROWS: readonly KfuncRows[] = [
  {
    name: 'common',
    hooks: { common: '6.2' },
    rows: `
      bpf_cast_to_kern_ctx 6.2 fastcall
      bpf_rdonly_cast 6.2 fastcall
      bpf_rcu_read_lock 6.2
      bpf_rcu_read_unlock 6.2
      bpf_dynptr_slice 6.4 ret_null
      bpf_dynptr_slice_rdwr 6.4 ret_null
      bpf_iter_num_new 6.4 iter_new
      bpf_iter_num_next 6.4 iter_next ret_null
      bpf_iter_num_destroy 6.4 iter_destroy
      bpf_iter_task_vma_new 6.7 iter_new rcu
      bpf_iter_task_vma_next 6.7 iter_next ret_null
      bpf_iter_task_vma_destroy 6.7 iter_destroy
      bpf_iter_css_task_new 6.7 iter_new trusted_args
      bpf_iter_css_task_next 6.7 iter_next ret_null
      bpf_iter_css_task_destroy 6.7 iter_destroy
      bpf_iter_css_new 6.7 iter_new trusted_args rcu_protected
      bpf_iter_css_next 6.7 iter_next ret_null
      bpf_iter_css_destroy 6.7 iter_destroy
      bpf_iter_task_new 6.7 iter_new trusted_args rcu_protected
      bpf_iter_task_next 6.7 iter_next ret_null
      bpf_iter_task_destroy 6.7 iter_destroy
      bpf_dynptr_adjust 6.5
      bpf_dynptr_is_null 6.5
      bpf_dynptr_is_rdonly 6.5
      bpf_dynptr_size 6.5
      bpf_dynptr_clone 6.5
      bpf_dynptr_copy 6.16
      bpf_dynptr_memset 6.17
      bpf_modify_return_test_tp 6.10
      bpf_wq_init 6.10
      bpf_wq_set_callback_impl 6.10
      bpf_wq_start 6.10
      bpf_preempt_disable 6.10
      bpf_preempt_enable 6.10
      bpf_iter_bits_new 6.11 iter_new
      bpf_iter_bits_next 6.11 iter_next ret_null
      bpf_iter_bits_destroy 6.11 iter_destroy
      bpf_copy_from_user_str 6.12 sleepable
      bpf_copy_from_user_task_str 6.15 sleepable
      bpf_get_kmem_cache 6.13
      bpf_iter_kmem_cache_new 6.13 iter_new sleepable
      bpf_iter_kmem_cache_next 6.13 iter_next ret_null sleepable
      bpf_iter_kmem_cache_destroy 6.13 iter_destroy sleepable
      bpf_local_irq_save 6.14
      bpf_local_irq_restore 6.14
      bpf_probe_read_user_dynptr 6.16
      bpf_probe_read_kernel_dynptr 6.16
      bpf_probe_read_user_str_dynptr 6.16
      bpf_probe_read_kernel_str_dynptr 6.16
      bpf_copy_from_user_dynptr 6.16 sleepable
      bpf_copy_from_user_str_dynptr 6.16 sleepable
      bpf_copy_from_user_task_dynptr 6.16 sleepable trusted_args
      bpf_copy_from_user_task_str_dynptr 6.16 sleepable trusted_args
      bpf_iter_dmabuf_new 6.16 iter_new sleepable
      bpf_iter_dmabuf_next 6.16 iter_next ret_null sleepable
      bpf_iter_dmabuf_destroy 6.16 iter_destroy sleepable
      __bpf_trap 6.17
      bpf_strcmp 6.17
      bpf_strcasecmp 6.18
      bpf_strchr 6.17
      bpf_strchrnul 6.17
      bpf_strnchr 6.17
      bpf_strrchr 6.17
      bpf_strlen 6.17
      bpf_strnlen 6.17
      bpf_strspn 6.17
      bpf_strcspn 6.17
      bpf_strstr 6.17
      bpf_strnstr 6.17
      bpf_cgroup_read_xattr 6.17 rcu
      bpf_stream_vprintk 6.17 trusted_args
      bpf_stream_vprintk_impl 6.18 trusted_args
      bpf_task_work_schedule_signal_impl 6.18 trusted_args
      bpf_task_work_schedule_resume_impl 6.18 trusted_args
      bpf_map_sum_elem_count 6.6 trusted_args
      bpf_arena_alloc_pages 6.9 trusted_args sleepable
      bpf_arena_free_pages 6.9 trusted_args sleepable
      bpf_arena_reserve_pages 6.17 trusted_args sleepable
      bpf_res_spin_lock 6.15 ret_null
      bpf_res_spin_unlock 6.15
      bpf_res_spin_lock_irqsave 6.15 ret_null
      bpf_res_spin_unlock_irqrestore 6.15`,
  },
  {
    name: 'generic',
    hooks: { tracing: '6.1', tc: '6.2', struct_ops: '6.2', xdp: '6.5', syscall: '6.10', cgroup: '6.10' },
    rows: `
      crash_kexec 6.1 destructive
      bpf_obj_new_impl 6.2 acquire ret_null
      bpf_percpu_obj_new_impl 6.7 acquire ret_null
      bpf_obj_drop_impl 6.2 release
      bpf_percpu_obj_drop_impl 6.7 release
      bpf_refcount_acquire_impl 6.4 acquire ret_null rcu
      bpf_list_push_front_impl 6.2
      bpf_list_push_back_impl 6.2
      bpf_list_pop_front 6.2 acquire ret_null
      bpf_list_pop_back 6.2 acquire ret_null
      bpf_list_front 6.16 ret_null
      bpf_list_back 6.16 ret_null
      bpf_task_acquire 6.2 acquire rcu ret_null
      bpf_task_release 6.2 release
      bpf_rbtree_remove 6.3 acquire ret_null
      bpf_rbtree_add_impl 6.3
      bpf_rbtree_first 6.3 ret_null
      bpf_rbtree_root 6.16 ret_null
      bpf_rbtree_left 6.16 ret_null
      bpf_rbtree_right 6.16 ret_null
      bpf_cgroup_acquire 6.2 acquire rcu ret_null
      bpf_cgroup_release 6.2 release
      bpf_cgroup_ancestor 6.2 acquire rcu ret_null
      bpf_cgroup_from_id 6.4 acquire ret_null
      bpf_task_under_cgroup 6.5 rcu
      bpf_task_get_cgroup1 6.8 acquire rcu ret_null
      bpf_task_from_pid 6.2 acquire ret_null
      bpf_task_from_vpid 6.14 acquire ret_null
      bpf_throw 6.7
      bpf_send_signal_task 6.13 trusted_args
      bpf_lookup_user_key 6.1 acquire ret_null sleepable
      bpf_lookup_system_key 6.1 acquire ret_null
      bpf_key_put 6.1 release
      bpf_verify_pkcs7_signature 6.1 sleepable`,
  },
  {
    name: 'cpumask',
    hooks: { tracing: '6.3', struct_ops: '6.3', syscall: '6.10' },
    rows: `
      bpf_cpumask_create 6.3 acquire ret_null
      bpf_cpumask_release 6.3 release
      bpf_cpumask_acquire 6.3 acquire trusted_args
      bpf_cpumask_first 6.3 rcu
      bpf_cpumask_first_zero 6.3 rcu
      bpf_cpumask_first_and 6.5 rcu
      bpf_cpumask_set_cpu 6.3 rcu
      bpf_cpumask_clear_cpu 6.3 rcu
      bpf_cpumask_test_cpu 6.3 rcu
      bpf_cpumask_test_and_set_cpu 6.3 rcu
      bpf_cpumask_test_and_clear_cpu 6.3 rcu
      bpf_cpumask_setall 6.3 rcu
      bpf_cpumask_clear 6.3 rcu
      bpf_cpumask_and 6.3 rcu
      bpf_cpumask_or 6.3 rcu
      bpf_cpumask_xor 6.3 rcu
      bpf_cpumask_equal 6.3 rcu
      bpf_cpumask_intersects 6.3 rcu
      bpf_cpumask_subset 6.3 rcu
      bpf_cpumask_empty 6.3 rcu
      bpf_cpumask_full 6.3 rcu
      bpf_cpumask_copy 6.3 rcu
      bpf_cpumask_any_distribute 6.5 rcu
      bpf_cpumask_any_and_distribute 6.5 rcu
      bpf_cpumask_weight 6.8 rcu
      bpf_cpumask_populate 6.15 rcu`,
  },
  {
    name: 'fs',
    hooks: { tracing: '6.8' },
    filter: 'lsm',
    rows: `
      bpf_get_task_exe_file 6.12 acquire trusted_args ret_null
      bpf_put_file 6.12 release
      bpf_path_d_path 6.12 trusted_args
      bpf_get_dentry_xattr 6.12 sleepable trusted_args
      bpf_get_file_xattr 6.8 sleepable trusted_args
      bpf_set_dentry_xattr 6.15 sleepable trusted_args
      bpf_remove_dentry_xattr 6.15 sleepable trusted_args`,
  },
  {
    name: 'rstat',
    hooks: { tracing: '6.1' },
    rows: `
      cgroup_rstat_updated 6.1
      cgroup_rstat_flush 6.1 sleepable
      css_rstat_updated 6.16
      css_rstat_flush 6.16 sleepable`,
  },
  { name: 'sock_iter', hooks: { tracing: '6.5' }, filter: 'iter', rows: 'bpf_sock_destroy 6.5 trusted_args' },
  {
    name: 'session',
    hooks: { kprobe: '6.10' },
    filter: 'session',
    rows: `
      bpf_session_is_return 6.10
      bpf_session_cookie 6.10`,
  },
  {
    name: 'skb',
    hooks: {
      tc: '6.4',
      sched_act: '6.4',
      sk_skb: '6.4',
      socket_filter: '6.4',
      cgroup: '6.4',
      lwt: '6.4',
      netfilter: '6.4',
      tracing: '6.12',
    },
    rows: 'bpf_dynptr_from_skb 6.4 trusted_args',
  },
  {
    name: 'skb_meta',
    hooks: { tc: '6.18', sched_act: '6.18' },
    rows: 'bpf_dynptr_from_skb_meta 6.18 trusted_args',
  },
  {
    name: 'xdp',
    hooks: { xdp: '6.4' },
    rows: `
      bpf_dynptr_from_xdp 6.4
      bpf_xdp_pull_data 6.18
      bpf_xdp_get_xfrm_state 6.8 ret_null acquire
      bpf_xdp_xfrm_state_release 6.8 release`,
  },
  {
    name: 'xdp_metadata',
    hooks: { xdp: '6.3' },
    filter: 'device',
    rows: `
      bpf_xdp_metadata_rx_timestamp 6.3 trusted_args
      bpf_xdp_metadata_rx_hash 6.3 trusted_args
      bpf_xdp_metadata_rx_vlan_tag 6.8 trusted_args`,
  },
  {
    name: 'cgroup_sock',
    hooks: { cgroup: '6.7' },
    rows: `
      bpf_sock_addr_set_sun_path 6.7
      bpf_sock_ops_enable_tx_tstamp 6.15 trusted_args`,
  },
  { name: 'tcp_reqsk', hooks: { tc: '6.9' }, rows: 'bpf_sk_assign_tcp_reqsk 6.9 trusted_args' },
  {
    name: 'conntrack',
    hooks: { xdp: '5.18', tc: '5.18' },
    rows: `
      bpf_xdp_ct_alloc 6.0 acquire ret_null
      bpf_xdp_ct_lookup 5.18 acquire ret_null
      bpf_skb_ct_alloc 6.0 acquire ret_null
      bpf_skb_ct_lookup 5.18 acquire ret_null
      bpf_ct_insert_entry 6.0 acquire ret_null release
      bpf_ct_release 5.18 release
      bpf_ct_set_timeout 6.0 trusted_args
      bpf_ct_change_timeout 6.0 trusted_args
      bpf_ct_set_status 6.0 trusted_args
      bpf_ct_change_status 6.0 trusted_args
      bpf_ct_set_nat_info 6.1 trusted_args`,
  },
  {
    name: 'crypto_init',
    hooks: { syscall: '6.10' },
    rows: `
      bpf_crypto_ctx_create 6.10 acquire ret_null sleepable
      bpf_crypto_ctx_release 6.10 release
      bpf_crypto_ctx_acquire 6.10 acquire rcu ret_null`,
  },
  {
    name: 'crypto',
    hooks: { tc: '6.10', sched_act: '6.10', xdp: '6.10' },
    rows: `
      bpf_crypto_decrypt 6.10 rcu
      bpf_crypto_encrypt 6.10 rcu`,
  },
  {
    name: 'test',
    hooks: { tc: '5.13', tracing: '6.0', syscall: '6.0' },
    rows: `
      bpf_kfunc_call_test1 5.13
      bpf_kfunc_call_test2 5.13
      bpf_kfunc_call_test3 5.14
      bpf_kfunc_call_test_acquire 5.18 acquire ret_null
      bpf_kfunc_call_memb_acquire 5.18 acquire ret_null
      bpf_kfunc_call_test_release 5.18 release
      bpf_kfunc_call_memb_release 5.18 release
      bpf_kfunc_call_memb1_release 5.18 release
      bpf_kfunc_call_test_get_rdwr_mem 6.1 ret_null
      bpf_kfunc_call_test_get_rdonly_mem 6.1 ret_null
      bpf_kfunc_call_test_acq_rdonly_mem 6.1 acquire ret_null
      bpf_kfunc_call_int_mem_release 6.1 release
      bpf_kfunc_call_test_pass_ctx 5.18
      bpf_kfunc_call_test_pass1 5.18
      bpf_kfunc_call_test_pass2 5.18
      bpf_kfunc_call_test_fail1 5.18
      bpf_kfunc_call_test_fail2 5.18
      bpf_kfunc_call_test_fail3 5.18
      bpf_kfunc_call_test_mem_len_pass1 5.18
      bpf_kfunc_call_test_mem_len_fail1 5.18
      bpf_kfunc_call_test_mem_len_fail2 5.18
      bpf_kfunc_call_test_ref 6.1 trusted_args
      bpf_kfunc_call_test_destructive 6.1 destructive`,
  },
  {
    name: 'modify_return_test',
    hooks: { fmodret: '5.7' },
    rows: `
      bpf_modify_return_test 5.7
      bpf_modify_return_test2 6.6
      bpf_fentry_test1 6.1 sleepable`,
  },
  {
    name: 'tcp',
    hooks: { struct_ops: '5.13' },
    rows: `
      bbr_init 5.13
      bbr_main 5.13
      bbr_sndbuf_expand 5.13
      bbr_undo_cwnd 5.13
      bbr_cwnd_event 5.13
      bbr_ssthresh 5.13
      bbr_min_tso_segs 5.13
      bbr_set_state 5.13
      cubictcp_init 5.13
      cubictcp_recalc_ssthresh 5.13
      cubictcp_cong_avoid 5.13
      cubictcp_state 5.13
      cubictcp_cwnd_event 5.13
      cubictcp_acked 5.13
      dctcp_init 5.13
      dctcp_update_alpha 5.13
      dctcp_cwnd_event 5.13
      dctcp_ssthresh 5.13
      dctcp_cwnd_undo 5.13
      dctcp_state 5.13
      tcp_reno_ssthresh 5.13
      tcp_reno_cong_avoid 5.13
      tcp_reno_undo_cwnd 5.13
      tcp_slow_start 5.13
      tcp_cong_avoid_ai 5.13`,
  },
];
