/**
 * One object that stands for all of the kernel's: wherever eight bytes are read, they point to its start again, so that walks
 * through structures never end. As numbers they are as good as any.
 */
import { KERNEL_TAG } from '../../../vm/address.ts';
import type { Machine } from '../../../vm/machine.ts';

const SIZE = 1 << 16;
/** Objects may be reached by a part of theirs. */
const BEFORE = 256;

export class KernelObjects {
  readonly #start: number;
  readonly #machine: Machine;
  readonly #from: number;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#from = machine.memory.allocateRegion(SIZE, {
      kind: 'kernel',
      label: 'kernel object',
      writable: true,
    });
    this.#start = this.#from + BEFORE;
  }

  /** Programs may have written to objects that they own. */
  reset(): void {
    const { view } = this.#machine.memory;
    for (let at = this.#from; at < this.#from + SIZE; at += 8) this.put(view, at);
  }

  /** A pointer to it in memory. */
  put(view: DataView, at: number): void {
    view.setInt32(at, this.#start, true);
    view.setInt32(at + 4, KERNEL_TAG, true);
  }

  /** r0 = a pointer to it, or NULL. */
  give(r: Int32Array, isNull: boolean): void {
    r[0] = isNull ? 0 : this.#start;
    r[1] = isNull ? 0 : KERNEL_TAG;
  }
}
