/**
 * Neighbouring writes become wide ones. What is written between two readings of a slot is gathered into one image: its
 * constants are written in the widest pieces, bytes that are written again before anybody looks are left out, and a number
 * before zeros is written over them where its own upper bits are zero.
 */
import type { AccessSize, Block, IrFunction, IrInstruction, Slot, Value } from '../ir/ir.ts';
import { isPure, isValue } from '../ir/operands.ts';
import { type SlotPlaces, slotPlaces } from './slot-places.ts';
import { alignmentAt, type ImageWrite, type KnownAlignment, StoreImage } from './store-image.ts';
import { unsignedBits, valueBits } from './widths.ts';

type Store = Extract<IrInstruction, { kind: 'store' }>;
type PlainWrite = Extract<IrInstruction, { kind: 'store' | 'zero' | 'store-bytes' }>;

interface Write extends ImageWrite {
  readonly original: PlainWrite;
  readonly align: AccessSize;
  /** Where it stands in the output. A constant's place is filled when its run ends. */
  readonly at: number;
}

/** Writes through one pointer, or into one slot, with nothing between that reads there. */
interface Run {
  readonly base: Value;
  readonly slot: Slot | undefined;
  readonly writes: Write[];
}

/** Byte order is the target's: multi-byte constants are laid out in it. */
export function combineStores(fn: IrFunction, endian: 'little' | 'big' = 'little'): IrFunction {
  const facts: Facts = { fn, places: slotPlaces(fn), bits: valueBits(fn), endian };
  const blocks = fn.blocks.map(
    (block): Block => ({ ...block, instructions: new Combiner(facts).run(block) }),
  );
  return { ...fn, blocks };
}

interface Facts {
  readonly fn: IrFunction;
  readonly places: SlotPlaces;
  readonly bits: Uint8Array;
  readonly endian: 'little' | 'big';
}

class Combiner {
  readonly #facts: Facts;
  #runs: Run[] = [];
  readonly #output: (IrInstruction | readonly IrInstruction[] | undefined)[] = [];

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  run({ instructions, terminator }: Block): readonly IrInstruction[] {
    for (const one of instructions) this.#visit(one);
    // What a slot holds when the program ends is lost.
    if (terminator.kind === 'return') this.#forget((run) => run.slot !== undefined);
    this.#finishAll(() => true);
    return this.#output.flatMap((one) => one ?? []);
  }

  #visit(one: IrInstruction): void {
    switch (one.kind) {
      case 'store':
      case 'zero':
      case 'store-bytes':
        this.#write(one);
        return;
      case 'load': {
        const slot = this.#facts.places.placeOf(one.base)?.slot;
        this.#finishAll((run) => run.slot === slot);
        break;
      }
      default:
        if (!isPure(one)) this.#finishAll(() => true);
    }
    this.#output.push(one);
  }

  #write(original: PlainWrite): void {
    const place = this.#facts.places.placeOf(original.base);
    const bytes = constantBytes(original, this.#facts.endian);
    this.#runOf(original.base, place?.slot).writes.push({
      original,
      offset: original.offset + (place?.offset ?? 0),
      size: original.kind === 'store' ? original.size : bytes!.length,
      align: original.kind === 'store' ? original.size : original.align,
      at: this.#output.length,
      ...(bytes !== undefined && { bytes }),
    });
    this.#output.push(undefined);
  }

  #runOf(base: Value, slot: Slot | undefined): Run {
    const known = this.#runs.find((run) => (slot === undefined ? run.base === base : run.slot === slot));
    if (known !== undefined) return known;
    // Two pointers that are not slots may lead to the same place.
    if (slot === undefined) this.#finishAll((run) => run.slot === undefined);
    const run: Run = { base, slot, writes: [] };
    this.#runs.push(run);
    return run;
  }

  #forget(isLost: (run: Run) => boolean): void {
    this.#runs = this.#runs.filter((run) => !isLost(run));
  }

  #finishAll(ends: (run: Run) => boolean): void {
    for (const run of this.#runs) if (ends(run)) this.#finish(run);
    this.#forget(ends);
  }

  #finish({ slot, writes }: Run): void {
    const image = writes.length > 1 ? StoreImage.of(writes) : undefined;
    if (image === undefined) {
      for (const { at, original } of writes) this.#output[at] = original;
      return;
    }
    const known = this.#alignment(slot, writes);
    writes.forEach((write, index) => {
      if (write.bytes !== undefined || image.isGone(index)) return;
      this.#output[write.at] = this.#widened(write, write.original as Store, image, known);
    });
    const last = writes.findLast(({ bytes }) => bytes !== undefined);
    if (last !== undefined) this.#output[last.at] = [...constantsOf(image, known, last)];
  }

  #alignment(slot: Slot | undefined, writes: readonly Write[]): KnownAlignment {
    if (slot !== undefined) return { offset: 0, align: this.#facts.fn.slots[slot]!.align as AccessSize };
    return writes.reduce((best, one) => (one.align > best.align ? one : best));
  }

  /** The store over the zeros behind it too, where its value has as many. */
  #widened(write: Write, store: Store, image: StoreImage, known: KnownAlignment): Store {
    if (this.#facts.endian === 'big') return store;
    const width = unsignedBits(store.value, this.#facts);
    let { size } = store;
    while (
      size < 8 &&
      width <= size * 8 &&
      alignmentAt(known, write.offset) > size &&
      image.takeZeros(write.offset + size, size)
    )
      size = (size * 2) as AccessSize;
    return size === store.size ? store : { ...store, size };
  }
}

/** The image's constants, written through the pointer of `last`. */
function* constantsOf(image: StoreImage, known: KnownAlignment, last: Write): Generator<IrInstruction> {
  const { base, span } = last.original;
  const shift = last.original.offset - last.offset;
  for (const { offset, bytes, align } of image.constants(known)) {
    yield {
      kind: 'store-bytes',
      base,
      offset: offset + shift,
      bytes,
      align,
      ...(span !== undefined && { span }),
    };
  }
}

function constantBytes(one: PlainWrite, endian: 'little' | 'big'): Uint8Array | undefined {
  if (one.kind === 'zero') return new Uint8Array(one.length);
  if (one.kind === 'store-bytes') return one.bytes;
  if (isValue(one.value)) return undefined;
  const bytes = new Uint8Array(one.size);
  const value = BigInt.asUintN(64, one.value.constant);
  for (let index = 0; index < one.size; index += 1) {
    const at = endian === 'little' ? index : one.size - 1 - index;
    bytes[at] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  return bytes;
}
