/**
 * The context as programs get it: the structure of `linux/bpf.h`, and behind it what is hidden there. The pointer fields of
 * the structure have 32 bits, and the kernel rewrites loads of them to loads of pointers in a structure of its own; here
 * those lie behind the structure:
 *
 *     | xdp_md or __sk_buff | data:8 | data_end:8 | data_meta:8 |
 *
 * `context-rewrite.ts` makes programs load them from there. All other fields are loaded where they are.
 */
import { CONTEXTS, type ContextName, contextField } from '../../bpf/contexts.ts';
import { KERNEL_TAG, type LinearAddress } from '../../vm/address.ts';
import type { Memory } from '../../vm/index.ts';

/** In the order they have behind the structure. */
const POINTERS = ['data', 'data_end', 'data_meta'] as const;

/** Offset in the context of the pointer that a 32-bit field at `offset` stands for; undefined: a plain field. */
export function hiddenPointer(context: ContextName, offset: number): number | undefined {
  const layout = CONTEXTS[context];
  const index = POINTERS.findIndex((name) => contextField(layout, name)?.offset === offset);
  return index < 0 ? undefined : layout.size + index * 8;
}

export class ContextBlock {
  readonly address: LinearAddress;
  readonly size: number;
  readonly #memory: Memory;
  /** Index of the first hidden pointer's low half. */
  readonly #hidden: number;

  constructor(memory: Memory, context: ContextName) {
    this.size = CONTEXTS[context].size;
    this.address = memory.allocateRegion(this.size + POINTERS.length * 8, {
      kind: 'context',
      label: `the context (struct ${context})`,
      writable: true,
    });
    this.#memory = memory;
    this.#hidden = (this.address + this.size) >> 2;
  }

  clear(): void {
    this.#memory.u8.fill(0, this.address, this.address + this.size);
  }

  /** The 32-bit field at `offset`. */
  get(offset: number): number {
    return this.#memory.i32[(this.address + offset) >> 2]!;
  }

  set(offset: number, value: number): void {
    this.#memory.i32[(this.address + offset) >> 2] = value;
  }

  setPointers(data: LinearAddress, end: LinearAddress, meta: LinearAddress): void {
    const { i32 } = this.#memory;
    const at = this.#hidden;
    i32[at] = data;
    i32[at + 1] = KERNEL_TAG;
    i32[at + 2] = end;
    i32[at + 3] = KERNEL_TAG;
    i32[at + 4] = meta;
    i32[at + 5] = KERNEL_TAG;
  }
}
