/** The Linux errno numbers that map operations and VM helpers return, negated as the kernel does. */
export const ENOENT: number = -2;
export const E2BIG: number = -7;
export const EAGAIN: number = -11;
export const EFAULT: number = -14;
export const EEXIST: number = -17;
export const EINVAL: number = -22;
export const ENOSPC: number = -28;
export const EOPNOTSUPP: number = -95;
