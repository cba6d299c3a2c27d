/** What helpers may ask about the machine that programs see, beyond the moment; each kernel tells what it knows. */
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { CurrentTask } from './execution-context.ts';

export interface WorldPort {
  /** Its types and symbols. */
  readonly info?: () => KernelInfo;
  /** The task with a thread id, if it lives and has a kernel object. */
  readonly task?: (tid: number) => CurrentTask | undefined;
  /** All that live, in order of thread ids. */
  readonly tasks?: () => Iterable<CurrentTask>;
  /** Ids of a cgroup and those above it, the root's first; undefined when there is no such cgroup. */
  readonly cgroupPath?: (id: number) => readonly number[] | undefined;
}
