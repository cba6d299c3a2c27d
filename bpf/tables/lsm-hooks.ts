/**
 * Hooks of security modules that programs attach to (`kernel/bpf/bpf_lsm.c`), by their name without `bpf_lsm_`: which may
 * wait, which take no program, and what they return.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** `sleepable_lsm_hooks` of 6.1 and 6.12 alike. */
export const SLEEPABLE_HOOKS: ReadonlySet<string> = words(`
  bpf bpf_map bpf_prog bprm_check_security bprm_committed_creds bprm_committing_creds bprm_creds_for_exec
  bprm_creds_from_file capget capset cred_prepare current_getsecid_subj file_ioctl file_lock file_open
  file_receive inode_create inode_free_security inode_getattr inode_getxattr inode_mknod
  inode_need_killpriv inode_post_setxattr inode_readlink inode_rename inode_rmdir inode_setattr
  inode_setxattr inode_symlink inode_unlink kernel_module_request kernel_read_file kernfs_init_security
  mmap_file netlink_send path_notify release_secctx sb_alloc_security sb_eat_lsm_opts sb_kern_mount
  sb_mount sb_remount sb_set_mnt_opts sb_show_options sb_statfs sb_umount settime socket_accept
  socket_bind socket_connect socket_create socket_getpeername socket_getpeersec_dgram socket_getsockname
  socket_getsockopt socket_listen socket_post_create socket_recvmsg socket_sendmsg socket_shutdown
  socket_socketpair syslog task_alloc task_getsecid_obj task_prctl task_setscheduler userns_create`);

/** Those of later releases, and those that are gone. */
export const SLEEPABLE_LATE: ReadonlySet<string> = words(`
  bpf_map_create bpf_map_free bpf_prog_load bpf_token_capable bpf_token_cmd bpf_token_create
  bpf_token_free file_post_open path_chmod path_chown path_link path_mkdir path_rename path_rmdir
  path_symlink path_truncate path_unlink`);
export const SLEEPABLE_EARLY: ReadonlySet<string> = words(`
  bpf_map_alloc_security bpf_map_free_security inet_conn_established key_free`);

/** `bpf_lsm_disabled_hooks`: their result is more than a number. */
export const DISABLED_HOOKS: ReadonlySet<string> = words(`
  vm_enough_memory inode_need_killpriv inode_getsecurity inode_listsecurity inode_copy_up_xattr getselfattr getprocattr
  setprocattr key_getsecurity audit_rule_match xfrm_decode_session ismaclabel`);

/** Functions of the same prefix that are no hooks. */
export const NO_HOOKS: ReadonlySet<string> = words(`
  verify_prog find_cgroup_shim get_retval_range is_sleepable_hook is_trusted func_proto toggle_hook init`);

/** `bool_lsm_hooks`: they answer yes or no. */
export const BOOL_HOOKS: ReadonlySet<string> = words(
  'xfrm_state_pol_flow_match audit_rule_known inode_xattr_skipcap',
);
