/**
 * The bytes of linear memory that packets lie in, one at a time, with room before and after:
 *
 *     | head room | packet | tail room |
 *
 * Programs may touch the part that the context tells them of.
 */
import type { LinearAddress } from '../../vm/address.ts';
import type { Memory, RegionWindow } from '../../vm/index.ts';

/** Packets begin at a multiple of it, as in the kernel: a cache line. */
const ALIGN = 64;

export class PacketRoom {
  readonly memory: Memory;
  readonly start: LinearAddress;
  readonly end: LinearAddress;
  readonly #window: RegionWindow;

  constructor(memory: Memory, size: number) {
    const { address, window } = memory.allocateWindow(
      size,
      { kind: 'packet', label: 'the packet', writable: true },
      ALIGN,
    );
    this.memory = memory;
    this.start = address;
    this.end = address + size;
    this.#window = window;
  }

  /** What programs may touch from now on. */
  show(start: LinearAddress, end: LinearAddress): void {
    this.#window.move(start, end);
  }
}
