/**
 * Texts that are passed by address and never changed: one read-only map holds them all, so that a program that counts by a
 * literal does not write it first, each time.
 */
import { MapFlags } from '../../bpf/maps.ts';
import type { Lowering } from './lowering.ts';
import type { ModuleLowering } from './module.ts';
import type { Place } from './place.ts';

const TEXT_MAP = '.rodata.texts';
/** Shorter ones are written as fast. */
const SHORTEST = 16;

/** The text with zeros up to `size` bytes; undefined where it is better written in place. */
export function constantText(low: Lowering, text: Uint8Array, size: number): Place | undefined {
  const { b, module } = low;
  if (size <= SHORTEST || !module.features.valueAddress) return undefined;
  const bytes = new Uint8Array(size);
  bytes.set(text.subarray(0, size - 1));
  const offset = placeIn(module, bytes);
  return { base: b.mapValueAddress(TEXT_MAP, offset), offset: 0, align: 8, stack: false };
}

/** Offset of bytes in the map: where they are already, or at its end. */
function placeIn({ texts, internalMaps, data }: ModuleLowering, bytes: Uint8Array): number {
  const offset = texts.place(bytes);
  const contents = texts.bytes();
  const shape = { type: 'array', keySize: 4, maxEntries: 1, flags: MapFlags.RDONLY_PROG } as const;
  internalMaps.set(TEXT_MAP, { ...shape, name: TEXT_MAP, valueSize: contents.length });
  data.set(TEXT_MAP, contents);
  return offset;
}

/** Stretches of bytes one after the other, each once, each at a multiple of eight. */
export class TextPool {
  readonly #offsets = new Map<string, number>();
  #buffer = new Uint8Array(256);
  #used = 0;

  place(bytes: Uint8Array): number {
    const name = bytes.join(',');
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const offset = Math.ceil(this.#used / 8) * 8;
    this.#used = offset + bytes.length;
    if (this.#used > this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#used);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, offset);
    this.#offsets.set(name, offset);
    return offset;
  }

  /** All of them; valid until the next is placed. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }
}
