/** What the arguments of one call of a kernel function taught (`struct bpf_kfunc_call_arg_meta`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { SpecialField } from '../field/special-field.ts';
import type { MapDetail } from '../state/register.ts';
import type { Scalar } from '../value/scalar.ts';
import type { DynptrType } from './dynptr.ts';
import type { PreparedKfunc } from './kfunc-target.ts';

export class KfuncCall {
  readonly kfunc: PreparedKfunc;
  /** Reference of the argument that has one; 0: none. */
  ref = 0;
  /** Register whose object is given back; 0: none. */
  releases = 0;
  /** The argument whose value must be known. */
  constant: Scalar | null = null;
  /** Bytes of the memory that is returned; 0: its type tells. */
  resultSize = 0;
  resultReadOnly = false;
  map: MapDetail | null = null;
  callback = -1;
  /** Type of the object that an argument is. */
  object: { readonly btf: Btf; readonly type: TypeId } | null = null;
  /** The object passed is owned. */
  owned = false;
  /** The list or tree passed. */
  root: SpecialField | null = null;
  dynptr: { readonly id: number; readonly ref: number; readonly type: DynptrType } | null = null;
  /** The iterator passed: where it is on the stack. */
  iteratorFrame = -1;
  iteratorSlot = -1;
  /** The structure of the kernel's behind the context. */
  context: TypeId = 0;

  constructor(kfunc: PreparedKfunc) {
    this.kfunc = kfunc;
  }
}
