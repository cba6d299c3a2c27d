/**
 * Where a program is attached: the resolved, wildcard-free form of a bpftrace attach point or of a libbpf section
 * name. The compiler makes them, kernels attach to them, `probe` prints them.
 */

/** Duration-based points count nanoseconds. */
export type AttachPoint =
  | { readonly kind: 'begin' }
  | { readonly kind: 'end' }
  /** Runs when the tracer gets the signal (`self:signal:SIGUSR1`). */
  | { readonly kind: 'self'; readonly signal: string }
  | { readonly kind: 'test'; readonly name: string }
  | { readonly kind: 'bench'; readonly name: string }
  | { readonly kind: 'tracepoint'; readonly system: string; readonly event: string }
  | { readonly kind: 'rawtracepoint'; readonly event: string; readonly module?: string }
  | {
      readonly kind: 'kprobe' | 'kretprobe';
      /** Empty when an address tells the place. */
      readonly function: string;
      readonly module?: string;
      readonly offset?: number;
      readonly address?: bigint;
    }
  | {
      readonly kind: 'fentry' | 'fexit';
      readonly function: string;
      readonly module?: string;
      /** The function is a BPF program's, of this id or of any with that function. */
      readonly program?: { readonly id?: number };
    }
  | {
      readonly kind: 'uprobe' | 'uretprobe';
      readonly target: string;
      /** Empty when an address tells the place. */
      readonly function: string;
      readonly offset?: number;
      /** As the file is linked. */
      readonly address?: bigint;
    }
  | {
      readonly kind: 'usdt';
      readonly target: string;
      readonly provider: string;
      readonly probe: string;
      /** One of several places of the probe, in the order of its notes; absent: all of them. */
      readonly place?: number;
    }
  /** Fires on one CPU every `periodNs`. */
  | { readonly kind: 'interval'; readonly periodNs: number }
  /** Fires on every CPU, `frequencyHz` times a second or every `periodNs`. */
  | { readonly kind: 'profile'; readonly frequencyHz: number }
  | { readonly kind: 'profile'; readonly periodNs: number }
  | { readonly kind: 'software' | 'hardware'; readonly event: string; readonly count: number }
  | { readonly kind: 'watchpoint'; readonly address: bigint; readonly length: number; readonly mode: string }
  /** All functions of the kernel that match a pattern (`kprobe.multi`); `session`: one program at entry and return. */
  | { readonly kind: 'kprobe-multi'; readonly pattern: string; readonly mode: 'entry' | 'return' | 'session' }
  /** A system call's entry function, whatever the architecture calls it. */
  | { readonly kind: 'ksyscall'; readonly syscall: string; readonly mode: 'entry' | 'return' }
  | {
      readonly kind: 'uprobe-multi';
      readonly target: string;
      readonly pattern: string;
      readonly mode: 'entry' | 'return' | 'session';
    }
  /** Changes what a function of the kernel returns. */
  | { readonly kind: 'fmod-ret'; readonly function: string; readonly module?: string }
  | { readonly kind: 'lsm'; readonly hook: string; readonly cgroup: boolean }
  /** Takes the place of a function of another program. */
  | { readonly kind: 'freplace'; readonly function: string }
  | { readonly kind: 'iter'; readonly target: string; readonly pin?: string };

export type AttachKind = AttachPoint['kind'];

/** Kinds of the tracer's own, which say nothing of a kernel: every one has them. */
export type OwnKind = Extract<AttachKind, 'begin' | 'end' | 'self' | 'test' | 'bench'>;

export const OWN_KINDS: readonly OwnKind[] = ['begin', 'end', 'self', 'test', 'bench'];

export function isOwnKind(kind: AttachKind): kind is OwnKind {
  return (OWN_KINDS as readonly AttachKind[]).includes(kind);
}
