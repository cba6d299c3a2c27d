/** The Linux errno numbers that map operations and VM helpers return, negated as the kernel does. */
export const EPERM: number = -1;
export const ENOENT: number = -2;
export const E2BIG: number = -7;
export const EBADF: number = -9;
export const EAGAIN: number = -11;
export const ENOMEM: number = -12;
export const EACCES: number = -13;
export const EFAULT: number = -14;
export const EBUSY: number = -16;
export const EEXIST: number = -17;
export const ENODEV: number = -19;
export const EINVAL: number = -22;
export const ENOSPC: number = -28;
export const ERANGE: number = -34;
export const EDEADLK: number = -35;
export const ENODATA: number = -61;
export const EOVERFLOW: number = -75;
export const EOPNOTSUPP: number = -95;
export const EAFNOSUPPORT: number = -97;
export const EALREADY: number = -114;
export const EINPROGRESS: number = -115;
/** The kernel's own, which no libc names. */
export const ENOTSUPP: number = -524;
