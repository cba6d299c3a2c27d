/**
 * What one function, reached through one chain of calls, does to the stack (`struct func_instance`): for each of its
 * instructions and each frame of the chain the slots that it may read, those it surely overwrites, and what follows from
 * that backwards: slots that may still be read from there on, slots surely overwritten before the function returns.
 */

/** Words of one instruction in {@link StackUse.masks}: two, low and high, for each set of 64 slots. */
export const Mask = { read: 0, write: 2, written: 4, live: 6 } as const;
export const MASK_WORDS = 8;

/** Frames of the longest chain of calls. */
const FRAMES = 8;

export class StackUse {
  /** First slot of the function, and how many it has. */
  readonly start: number;
  readonly length: number;
  /** Number of its frame in the chain. */
  readonly depth: number;
  /** The function that called it, at which slot; null: the outermost. */
  readonly outer: StackUse | null;
  readonly callSite: number;
  readonly #inner: StackUse[] = [];
  /** By frame of the chain; null: nothing known. */
  readonly masks: (Int32Array | null)[] = new Array<Int32Array | null>(FRAMES).fill(null);
  /** By instruction: its writes were noted at least once. */
  readonly seen: Uint8Array;
  /** Some instruction has writes noted: only then can later ones take some back. */
  hasWrites = false;
  /** Something was learnt that was not carried backwards yet. */
  updated = false;
  /** A slot thought overwritten is not always. */
  dropped = false;

  constructor(start: number, length: number, depth: number, outer: StackUse | null, callSite: number) {
    this.start = start;
    this.length = length;
    this.depth = depth;
    this.outer = outer;
    this.callSite = callSite;
    this.seen = new Uint8Array(length);
  }

  /** The function at `start` called at `callSite` from here. */
  inner(start: number, length: number, callSite: number): StackUse {
    for (const use of this.#inner) if (use.callSite === callSite && use.start === start) return use;
    const use = new StackUse(start, length, this.depth + 1, this, callSite);
    this.#inner.push(use);
    return use;
  }

  masksOf(frame: number): Int32Array {
    this.masks[frame] ??= new Int32Array(this.length * MASK_WORDS);
    return this.masks[frame];
  }

  /** Slot `spi` of `frame` may be read at `slot` or after it. */
  isLive(frame: number, slot: number, spi: number): boolean {
    const masks = this.masks[frame]!;
    if (masks === null) return false;
    const word = masks[(slot - this.start) * MASK_WORDS + Mask.live + (spi >> 5)]!;
    return ((word >>> (spi & 31)) & 1) === 1;
  }

  /** The instruction at `slot` may read these slots of `frame`. */
  addRead(frame: number, slot: number, low: number, high: number): void {
    const masks = this.masksOf(frame);
    const at = (slot - this.start) * MASK_WORDS;
    const newLow = low & ~masks[at + Mask.read]!;
    const newHigh = high & ~masks[at + Mask.read + 1]!;
    if ((newLow | newHigh) === 0) return;
    masks[at + Mask.read]! |= newLow;
    masks[at + Mask.read + 1]! |= newHigh;
    const unknown = (newLow & ~masks[at + Mask.live]!) | (newHigh & ~masks[at + Mask.live + 1]!);
    if (unknown !== 0) this.updated = true;
  }

  /** This time it overwrote these slots of `frame`: what it did not overwrite every time is none of its writes. */
  setWrites(frame: number, slot: number, low: number, high: number): void {
    const isSeen = this.seen[slot - this.start] === 1;
    if ((low | high) === 0 && (!isSeen || this.masks[frame]! === null)) return;
    const masks = this.masksOf(frame);
    const at = (slot - this.start) * MASK_WORDS + Mask.write;
    const oldLow = masks[at]!;
    const oldHigh = masks[at + 1]!;
    const nowLow = isSeen ? low & oldLow : low;
    const nowHigh = isSeen ? high & oldHigh : high;
    if (nowLow === oldLow && nowHigh === oldHigh) return;
    masks[at] = nowLow;
    masks[at + 1] = nowHigh;
    this.updated = true;
    this.hasWrites = true;
    if (((oldLow & ~nowLow) | (oldHigh & ~nowHigh)) !== 0) this.dropped = true;
  }
}
