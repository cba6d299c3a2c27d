/**
 * What memory is known to hold at one point of a function: bytes of slots, what maps answered, what was read through pointers.
 * Only the latest facts are kept, so that a point costs the same in functions of any size.
 */
import type { Operand, Slot, SlotInfo, Value } from '../ir/ir.ts';
import { isValue } from '../ir/operands.ts';

/** What a stretch of a slot holds. */
export type Content =
  /** The low bytes of a value. */
  | { readonly kind: 'operand'; readonly operand: Operand }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Bytes nobody has in registers, but the same wherever the text is the same. */
  | { readonly kind: 'named'; readonly name: string };

export interface Stretch {
  readonly offset: number;
  readonly size: number;
  readonly content: Content;
}

/** Stretches in order of their offsets, none over another. */
export interface SlotContents {
  readonly slot: Slot;
  readonly stretches: readonly Stretch[];
  /** Nothing but the stretches was ever written. */
  readonly complete: boolean;
}

/** A lookup's answer, or what was read through a pointer; `name` says which. */
interface Fact {
  readonly name: string;
  readonly value: Operand;
  /** Map of a lookup. */
  readonly map?: string;
}

const MAX_SLOTS = 16;
const MAX_STRETCHES = 48;
const MAX_FACTS = 16;

export class MemoryState {
  #slots: SlotContents[] = [];
  #lookups: Fact[] = [];
  #reads: Fact[] = [];
  readonly #sizes: readonly SlotInfo[];
  /** Slots that are not listed were never written. */
  #untouched: boolean;

  constructor(slots: readonly SlotInfo[], untouched: boolean) {
    this.#sizes = slots;
    this.#untouched = untouched;
  }

  copy(): MemoryState {
    const copy = new MemoryState(this.#sizes, this.#untouched);
    copy.#slots = [...this.#slots];
    copy.#lookups = [...this.#lookups];
    copy.#reads = [...this.#reads];
    return copy;
  }

  /** Keeps what holds in both. */
  meet(other: MemoryState): void {
    const names = new Set([...this.#slots, ...other.#slots].map(({ slot }) => slot));
    this.#slots = [...names].map((slot) => meetContents(this.contents(slot), other.contents(slot)));
    this.#untouched &&= other.#untouched;
    this.#lookups = this.#lookups.filter((fact) => other.#lookups.some((one) => sameFact(one, fact)));
    this.#reads = this.#reads.filter((fact) => other.#reads.some((one) => sameFact(one, fact)));
    this.#forgetOldest();
  }

  /* ---- slots ---- */

  contents(slot: Slot): SlotContents {
    const known = this.#slots.find((one) => one.slot === slot);
    return known ?? { slot, stretches: [], complete: this.#untouched };
  }

  /** Other slots that hold at least what this one does, at the same offsets. */
  holderOf({ slot, stretches, complete }: SlotContents): Slot | undefined {
    if (!complete || stretches.length === 0) return undefined;
    const holds = (one: SlotContents): boolean =>
      stretches.every((wanted) => one.stretches.some((stretch) => sameStretch(stretch, wanted)));
    return this.#slots.find((one) => one.slot !== slot && holds(one))?.slot;
  }

  /** `content` absent: bytes nobody knows. */
  write(slot: Slot, offset: number, size: number, content: Content | undefined): void {
    const { stretches, complete } = this.contents(slot);
    if (stretches.length >= MAX_STRETCHES) {
      this.forgetSlot(slot);
      return;
    }
    const rest = stretches.flatMap((one) => outside(one, offset, offset + size));
    if (content !== undefined) rest.push({ offset, size, content });
    rest.sort((a, b) => a.offset - b.offset);
    // What is left of a value that was half overwritten is no longer known.
    const lost = stretches.some((one) => one.content.kind !== 'bytes' && isCut(one, offset, offset + size));
    const isComplete = (complete && content !== undefined && !lost) || this.#isWhole(slot, rest);
    this.#put({ slot, stretches: rest, complete: isComplete });
  }

  #isWhole(slot: Slot, stretches: readonly Stretch[]): boolean {
    return stretches.reduce((sum, { size }) => sum + size, 0) === this.#sizes[slot]!.size;
  }

  forgetSlot(slot: Slot): void {
    this.#put({ slot, stretches: [], complete: false });
  }

  #put(contents: SlotContents): void {
    this.#slots = [...this.#slots.filter(({ slot }) => slot !== contents.slot), contents];
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    if (this.#slots.length <= MAX_SLOTS) return;
    this.#slots = this.#slots.slice(-MAX_SLOTS);
    this.#untouched = false;
  }

  /* ---- maps ---- */

  lookup(name: string): Operand | undefined {
    return this.#lookups.find((one) => one.name === name)?.value;
  }

  rememberLookup(map: string, name: string, value: Value): void {
    this.#lookups = [...this.#lookups.slice(1 - MAX_FACTS), { map, name, value }];
  }

  /** Elements may have come and gone, values may be others. `map` absent: of any map. */
  forgetMap(map: string | undefined): void {
    this.#lookups = map === undefined ? [] : this.#lookups.filter((one) => one.map !== map);
    this.forgetReads();
  }

  read(name: string): Operand | undefined {
    return this.#reads.find((one) => one.name === name)?.value;
  }

  rememberRead(name: string, value: Operand): void {
    this.#reads = [...this.#reads.slice(1 - MAX_FACTS), { name, value }];
  }

  forgetReads(): void {
    this.#reads = [];
  }
}

function meetContents(one: SlotContents, other: SlotContents): SlotContents {
  if (one === other) return one;
  const stretches = one.stretches.filter((stretch) =>
    other.stretches.some((with_) => sameStretch(stretch, with_)),
  );
  const all = stretches.length === one.stretches.length && stretches.length === other.stretches.length;
  return { slot: one.slot, stretches, complete: one.complete && other.complete && all };
}

/** Some of it is in the range and some is not. */
function isCut(one: Stretch, from: number, to: number): boolean {
  const end = one.offset + one.size;
  return one.offset < to && from < end && (one.offset < from || end > to);
}

/** The parts of a stretch before `from` and from `to` on that are still known. */
function outside(one: Stretch, from: number, to: number): Stretch[] {
  const end = one.offset + one.size;
  if (end <= from || one.offset >= to) return [one];
  if (one.content.kind !== 'bytes') return [];
  const { bytes } = one.content;
  const part = (start: number, stop: number): Stretch[] =>
    stop <= start
      ? []
      : [
          {
            offset: start,
            size: stop - start,
            content: { kind: 'bytes', bytes: bytes.slice(start - one.offset, stop - one.offset) },
          },
        ];
  return [...part(one.offset, Math.min(from, end)), ...part(Math.max(to, one.offset), end)];
}

function sameStretch(one: Stretch, other: Stretch): boolean {
  return one.offset === other.offset && one.size === other.size && contentText(one) === contentText(other);
}

function sameFact(one: Fact, other: Fact): boolean {
  return one.name === other.name && one.value === other.value;
}

/** What a slot holds, as text: the same text, the same bytes. */
export function contentsText({ stretches }: SlotContents): string {
  return stretches.map((one) => `${one.offset}+${one.size}=${contentText(one)}`).join(' ');
}

function contentText({ content }: Stretch): string {
  switch (content.kind) {
    case 'operand':
      return isValue(content.operand) ? `%${content.operand}` : `${content.operand.constant}`;
    case 'bytes':
      return `x${content.bytes.join(',')}`;
    case 'named':
      return content.name;
  }
}
