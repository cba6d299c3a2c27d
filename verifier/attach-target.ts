/** What a program attaches to whose arguments come from there: a kernel function, a raw tracepoint, a member of a structure. */
import type { Btf } from '../bpf/btf/btf.ts';
import type { BtfPrototype, TypeId } from '../bpf/btf/type.ts';

export interface AttachTarget {
  /** Function, tracepoint (without `btf_trace_`) or member (`attach_func_name`). */
  readonly name: string;
  readonly btf: Btf;
  /** The `func`, the `typedef` of a tracepoint, the `struct` of struct_ops. */
  readonly type: TypeId;
  /** `attach_func_proto` */
  readonly prototype: BtfPrototype;
  /** The context begins with what is no argument: the first parameter of a tracepoint's prototype (`attach_btf_trace`). */
  readonly skipFirst: boolean;
  /** Structure and member of struct_ops. */
  readonly structure?: string;
  readonly memberOffset?: number;
}
