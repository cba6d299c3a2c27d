/**
 * BLOOM_FILTER (kernel/bpf/bloom_filter.c): a set without keys that says "not there" or "maybe there". The hash is the
 * kernel's with its seed 0 (BPF_F_ZERO_SEED), so false positives are the same as there, and the same in every run.
 *
 *     header: nothing | bit set: 2^n bits, n >= 6; bit h is bit h & 7 of byte h >> 3; hash i of a value is jhash(value, i)
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EINVAL, ENOENT, EOPNOTSUPP } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, type MapContext } from './header.ts';
import { jhash } from './jhash.ts';
import { KeylessMap } from './keyless-map.ts';
import type { UserOperations } from './map.ts';

const DEFAULT_HASHES = 5;
const LARGEST_PRODUCT = 0xffff_ffff;
const MOST_BITS: number = 2 ** 32;

export class BloomFilterMap extends KeylessMap {
  override readonly user: UserOperations = {
    // The value asked for is where the value found would go.
    lookup: (_key, value) => this.take(value, false),
    update: (_key, value, flags) => this.push(value, flags),
  };
  /** Hash functions. */
  readonly hashes: number;
  /** Bits of the set less one, as a signed number of 32 bits. */
  readonly mask: number;
  readonly #memory: Memory;
  readonly #bits: LinearAddress;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const hashes = Number(definition.mapExtra ?? 0n) || DEFAULT_HASHES;
    const bits = bloomBits(maxEntries, hashes);
    const base = allocateHeader(memory, definition);
    const first = memory.allocate(bits / 8, `map ${name}`);
    const elements = first - base;
    const size = elements + bits / 8;
    const layout = { base, size, keySize, valueSize, cpuStride: 0, elements, elementSize: 0, valueOffset: 0 };
    super(definition, layout, EOPNOTSUPP);
    this.hashes = hashes;
    this.mask = (bits - 1) | 0;
    this.#memory = memory;
    this.#bits = first;
  }

  /** `bloom_map_push_elem` */
  push(value: LinearAddress, flags: number): number {
    if (flags !== 0) return EINVAL;
    const { u8 } = this.#memory;
    for (let i = 0; i < this.hashes; i++) {
      const bit = this.#bit(value, i);
      const at = this.#bits + (bit >>> 3);
      u8[at] = u8[at]! | (1 << (bit & 7));
    }
    return 0;
  }

  /** `bloom_map_peek_elem`: 0 when the value at `value` may be in the set. It cannot be removed. */
  take(value: LinearAddress, remove: boolean): number {
    if (remove) return EOPNOTSUPP;
    const { u8 } = this.#memory;
    for (let i = 0; i < this.hashes; i++) {
      const bit = this.#bit(value, i);
      if ((u8[this.#bits + (bit >>> 3)]! & (1 << (bit & 7))) === 0) return ENOENT;
    }
    return 0;
  }

  #bit(value: LinearAddress, index: number): number {
    return jhash(this.#memory, value, this.definition.valueSize, index) & this.mask;
  }

  override update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  count(): number {
    return 0;
  }
}

/** Bits of the set: entries times hashes times 7/5 (about 1 / ln 2), a power of two; 2^32 where 32 bits do not hold that. */
export function bloomBits(maxEntries: number, hashes: number): number {
  const product = maxEntries * hashes;
  const wanted = Math.floor(product / 5) * 7;
  if (product > LARGEST_PRODUCT || wanted > 2 ** 31) return MOST_BITS;
  return 2 ** Math.ceil(Math.log2(Math.max(64, wanted)));
}
