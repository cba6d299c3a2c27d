/** What every system call is made of: its tracepoints around the work. */
import type { Call, Task } from '../task.ts';

/** Numbers of x86-64. */
export const NR = {
  read: 0,
  write: 1,
  close: 3,
  newfstat: 5,
  poll: 7,
  lseek: 8,
  mmap: 9,
  mprotect: 10,
  munmap: 11,
  brk: 12,
  rt_sigaction: 13,
  rt_sigprocmask: 14,
  rt_sigreturn: 15,
  ioctl: 16,
  pread64: 17,
  pwrite64: 18,
  access: 21,
  dup2: 33,
  getpid: 39,
  sendfile64: 40,
  sendto: 44,
  recvfrom: 45,
  clone: 56,
  execve: 59,
  wait4: 61,
  kill: 62,
  fcntl: 72,
  fsync: 74,
  fdatasync: 75,
  unlink: 87,
  arch_prctl: 158,
  futex: 202,
  getdents64: 217,
  set_tid_address: 218,
  clock_nanosleep: 230,
  exit_group: 231,
  epoll_wait: 232,
  epoll_ctl: 233,
  openat: 257,
  newfstatat: 262,
  set_robust_list: 273,
  accept4: 288,
  pipe2: 293,
  prlimit64: 302,
  getrandom: 318,
  rseq: 334,
} as const;

export const ENOENT = 2;
export const EBADF = 9;
export const ECHILD = 10;
export const ENOTTY = 25;

export function enter(task: Task, number: number, args: readonly number[]): void {
  task.inKernel = true;
  task.world.trace.sysEnter(task.world.cpuOf(task), task, number, args);
}

/** Ends a call; returns its result for `return leave(…)`. */
export function leave(task: Task, number: number, result: number): number {
  task.world.trace.sysExit(task.world.cpuOf(task), task, number, result);
  task.inKernel = false;
  return result;
}

/** A call that does nothing a trace could see but take time. */
export function* quick(task: Task, number: number, args: readonly number[], result = 0, cost = 300): Call {
  enter(task, number, args);
  yield cost + task.random.below(cost);
  return leave(task, number, result);
}
