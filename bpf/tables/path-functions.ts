/** Kernel functions whose programs may call `bpf_d_path` (`btf_allowlist_d_path`): they hold no lock that it takes. */
export const PATH_FUNCTIONS: readonly string[] = [
  'security_file_permission',
  'security_inode_getattr',
  'security_file_open',
  'security_path_truncate',
  'vfs_truncate',
  'vfs_fallocate',
  'dentry_open',
  'vfs_getattr',
  'filp_close',
];
