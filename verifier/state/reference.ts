/** What a path holds and must give back: `struct bpf_reference_state`, immutable. */

export interface Reference {
  /** `pointer`: an acquired object; the others: a lock held or an interrupt flag saved. */
  readonly kind: 'pointer' | 'irq' | 'lock' | 'resilient-lock' | 'resilient-lock-irq';
  readonly id: number;
  /** Slot of the instruction that acquired it. */
  readonly slot: number;
  /** Of locks: what identifies the object it lies in (the map value's map or the object's BTF type). */
  readonly object: unknown;
  /** Number of the frame of the callback that acquired it; 0: none did (`callback_ref`, until 6.12). */
  readonly callback?: number;
}
