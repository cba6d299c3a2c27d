/** A row of the table of providers: what resolves, lists and documents one kind of probe. */
import type { AttachKind } from '../../../bpf/attach-point.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import type { AttachContext, PointRequest, ResolvedPoint } from '../point.ts';
import type { ProbeArguments } from '../probe-arguments.ts';

/** Kinds of points that libbpf's sections have and the language has not. */
type ForeignKind = 'kprobe-multi' | 'ksyscall' | 'uprobe-multi' | 'fmod-ret' | 'lsm' | 'freplace';
export type ProviderName = Exclude<AttachKind, ForeignKind>;

/** A point as `-l` prints it. */
export interface ListedPoint {
  readonly name: string;
  readonly args?: () => ProbeArguments | undefined;
}

export interface Provider {
  readonly name: ProviderName;
  /** Short and old names. */
  readonly aliases: readonly string[];
  readonly forms: readonly string[];
  readonly doc: string;
  /** Builtins that tell of the event. */
  readonly data: readonly string[];
  /** Reports what is wrong; empty then, and where nothing is there to attach to. */
  resolve(request: PointRequest, context: AttachContext): readonly ResolvedPoint[];
  /** All there is in a kernel; absent where points are made up rather than found. */
  readonly list?: (kernel: KernelInfo) => Iterable<ListedPoint>;
}
