/** Names of the error numbers with which `BPF_PROG_LOAD` refuses a program without a word. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  6: 'ENXIO',
  7: 'E2BIG',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  22: 'EINVAL',
  28: 'ENOSPC',
  71: 'EPROTO',
  95: 'EOPNOTSUPP',
  524: 'ENOTSUPP',
};

/** The name, or the number. */
export function errnoName(errno: number): string {
  return NAMES[errno] ?? `errno ${errno}`;
}
