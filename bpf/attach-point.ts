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
      readonly function: string;
      readonly module?: string;
      readonly offset?: number;
    }
  | { readonly kind: 'fentry' | 'fexit'; readonly function: string; readonly module?: string }
  | {
      readonly kind: 'uprobe' | 'uretprobe';
      readonly target: string;
      readonly function: string;
      readonly offset?: number;
    }
  | { readonly kind: 'usdt'; readonly target: string; readonly provider: string; readonly probe: string }
  /** Fires on one CPU every `periodNs`. */
  | { readonly kind: 'interval'; readonly periodNs: number }
  /** Fires on every CPU, `frequencyHz` times a second or every `periodNs`. */
  | { readonly kind: 'profile'; readonly frequencyHz: number }
  | { readonly kind: 'profile'; readonly periodNs: number }
  | { readonly kind: 'software' | 'hardware'; readonly event: string; readonly count: number }
  | { readonly kind: 'watchpoint'; readonly address: bigint; readonly length: number; readonly mode: string }
  | { readonly kind: 'iter'; readonly target: string; readonly pin?: string };

export type AttachKind = AttachPoint['kind'];
