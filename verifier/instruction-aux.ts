/** What the passes keep for one slot (`struct bpf_insn_aux_data`). */
import type { Btf } from '../bpf/btf/btf.ts';
import type { TypeId } from '../bpf/btf/type.ts';
import type { MemoryAccess } from './access/access.ts';
import type { VerifierMap } from './map.ts';
import type { HistoryEntry } from './order/history.ts';
import type { RegisterKind } from './state/register-kind.ts';

/** What a wide load gives, found before the walk. */
export type WideLoad =
  | { readonly kind: 'map'; readonly map: VerifierMap }
  | { readonly kind: 'map-value'; readonly map: VerifierMap; readonly off: number }
  | { readonly kind: 'variable'; readonly btf: Btf; readonly type: TypeId; readonly percpu: boolean }
  /** A variable whose type is no struct: so many bytes. */
  | { readonly kind: 'memory'; readonly size: number };

export class InsnAux {
  seen = false;
  /** A step of the history is recorded here. */
  jumpPoint = false;
  /** States are compared and kept here. */
  prunePoint = false;
  /** A state is kept here whatever the heuristics say. */
  forceCheckpoint = false;
  /** A helper or kernel function that takes a callback is called here. */
  callsCallback = false;
  isIteratorNext = false;
  /** `bpf_loop` is called here, with this callback always so far, and flags that let the kernel write the loop out. */
  loop: { readonly inlined: boolean; readonly callback: number } | null = null;
  /** The last step of a path here: loops take the same one again and again. */
  lastStep: HistoryEntry | null = null;
  jumpTarget = false;
  /** Part of a spill or fill around a call that keeps its registers (`bpf_fastcall`). */
  fastcallPattern = false;
  fastcallSpills = 0;
  /** Bits of registers that may be read from here on. */
  liveRegisters = 0xffff;
  /** Number of the strongly connected component of the control flow; 0: in none. */
  component = 0;
  wide: WideLoad | null = null;
  /** Kind and flags of the pointer that a load or store went through, for "same insn cannot be used with different pointers"; -1: none yet. */
  pointerKind: RegisterKind | -1 = -1;
  pointerFlags = 0;
  /** Map of the programs that a tail call here goes to, on the first path that came by; others may bring others. */
  tailCallMap: VerifierMap | null = null;
  tailCallMapsDiffer = false;
  /** What a load or store does, made when it is first walked. */
  access: MemoryAccess | null = null;
  /** The arithmetic on a pointer here may need a mask on unprivileged loads (`alu_state`). */
  aluState = 0;
  aluLimit = 0;
  nospec = false;
  nospecResult = false;
}
