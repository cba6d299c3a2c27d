/** What the arguments of one call taught, for what comes after them (`struct bpf_call_arg_meta`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { SpecialField } from '../field/special-field.ts';
import type { VerifierMap } from '../map.ts';
import type { HelperPrototype } from './helper-prototype.ts';

export class CallFacts {
  readonly prototype: HelperPrototype;
  map: VerifierMap | null = null;
  mapUid = 0;
  /** Constant key of an array that is looked up; -1: not known. */
  constantKey = -1;
  /** Register whose object is given back; 0: none. */
  releases = 0;
  /** Reference of the argument that has one; 0: none. */
  ref = 0;
  /** Bytes of stack that the callee fills, and the register that points to them. */
  filled = 0;
  filledBase = 0;
  /** The memory argument before is filled by the callee (`raw_mode`). */
  fills = false;
  /** Most bytes that the size argument may say (`msize_max_value`). */
  sizeMax = 0;
  /** Constant size of the memory that is returned. */
  memorySize = 0;
  /** Callback. */
  subprogram = -1;
  /** Type of a per-CPU variable that was passed. */
  percpu: { readonly btf: Btf; readonly type: TypeId } | null = null;
  /** Kernel pointer in a map value whose contents are exchanged. */
  kptr: SpecialField | null = null;
  /** Id of the dynptr that the result is a slice of; 0: none. */
  dynptr = 0;

  constructor(prototype: HelperPrototype) {
    this.prototype = prototype;
  }
}
