/**
 * One frame of the call stack (`struct bpf_func_state`): mutable, owned by one state. Registers and slots in it are immutable
 * and shared, so that a copy costs two short arrays.
 */
import type { StackUse } from '../order/stack-use.ts';
import type { Register } from './register.ts';
import { NOT_INIT } from './register.ts';
import { EMPTY_SLOT, type StackSlot } from './slot.ts';

/** Smallest and largest allowed return value of a callback. */
export interface ReturnRange {
  readonly min: number;
  readonly max: number;
  /** The exit of a program may return 32 bits (`return_32bit`). */
  readonly word?: boolean;
}

/** Registers of a frame that begins. */
const NOTHING: readonly Register[] = new Array<Register>(11).fill(NOT_INIT);

export class Frame {
  /** r0 ... r10. */
  registers: Register[];
  /** Slot `i` lies at `r10 - 8 (i + 1)`; as long as the deepest access so far. */
  stack: StackSlot[];
  /** Slot of the call instruction in the caller; -1 for the outermost. */
  readonly callSite: number;
  readonly number: number;
  readonly subprogram: number;
  inCallback = false;
  inAsyncCallback = false;
  inExceptionCallback = false;
  callbackReturn: ReturnRange | null = null;
  /** Rounds of a callback simulated so far. */
  callbackDepth = 0;
  asyncEntries = 0;
  /** What its function does to the stack when called this way; null: not asked yet. Owned by order/. */
  stackUse: StackUse | null = null;

  constructor(
    callSite: number,
    number: number,
    subprogram: number,
    registers: Register[] = NOTHING.slice(),
    stack: StackSlot[] = [],
  ) {
    this.callSite = callSite;
    this.number = number;
    this.subprogram = subprogram;
    this.registers = registers;
    this.stack = stack;
  }

  copy(): Frame {
    const { callSite, number, subprogram } = this;
    const copy = new Frame(callSite, number, subprogram, this.registers.slice(), this.stack.slice());
    copy.inCallback = this.inCallback;
    copy.inAsyncCallback = this.inAsyncCallback;
    copy.inExceptionCallback = this.inExceptionCallback;
    copy.callbackReturn = this.callbackReturn;
    copy.callbackDepth = this.callbackDepth;
    copy.asyncEntries = this.asyncEntries;
    copy.stackUse = this.stackUse;
    return copy;
  }

  /** Makes slots up to `size` bytes below r10 exist. */
  grow(size: number): void {
    const slots = (size + 7) >> 3;
    while (this.stack.length < slots) this.stack.push(EMPTY_SLOT);
  }
}
