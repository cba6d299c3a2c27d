/** Which id of a kept state stands for which one of the current state (`struct bpf_idmap`). */
import type { Register } from '../state/register.ts';
import { Flag, SUM_FLAGS } from '../state/register-kind.ts';

/** Ids made for scalars without one; no id of a walk of a million steps comes near. */
const TEMPORARY = 0x4000_0000;
/** The id of `copy + constant` is another id than the copy's (`BPF_ADD_CONST64`, `BPF_ADD_CONST32`). */
const SUM = 0x8000_0000;
const SUM_32 = 0x1_0000_0000;

export class IdMap {
  readonly #kept: number[] = [];
  readonly #current: number[] = [];
  #length = 0;
  #temporary = TEMPORARY;

  /** A comparison begins. */
  reset(): void {
    this.#length = 0;
    this.#temporary = TEMPORARY;
  }

  /** Both have an id or none has, and the pair does not contradict an earlier one (`check_ids`). */
  match(kept: number, current: number): boolean {
    if (kept === 0 || current === 0) return kept === current;
    for (let i = 0; i < this.#length; i++) {
      if (this.#kept[i] === kept) return this.#current[i] === current;
      if (this.#current[i] === current) return false;
    }
    this.#kept[this.#length] = kept;
    this.#current[this.#length++] = current;
    return true;
  }

  /**
   * The same for numbers (`check_scalar_ids`): one that was alone may be linked now, one that was linked and is alone now is
   * alone with its own. A sum's link must match like its sum.
   */
  matchScalars(kept: Register, current: Register): boolean {
    if (kept.id === 0) return true;
    const alone = current.id === 0 ? ++this.#temporary : 0;
    if (!this.match(comparedId(kept), alone || comparedId(current))) return false;
    return (kept.flags & SUM_FLAGS) === 0 || this.match(kept.id, alone || current.id);
  }
}

/** A register's id as it is compared: a sum's differs from its link's. */
export function comparedId({ id, flags }: Register): number {
  if ((flags & SUM_FLAGS) === 0) return id;
  return id + ((flags & Flag.addConst) !== 0 ? SUM : SUM_32);
}
