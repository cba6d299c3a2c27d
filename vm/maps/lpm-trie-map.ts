/**
 * LPM_TRIE (kernel/bpf/lpm_trie.c): values by prefixes; a lookup finds the longest prefix stored that its key begins
 * with. A binary tree without nodes of one child: where two prefixes part and none ends, a node without a value joins them.
 *
 *     header: count | root (node + 1) | fresh (nodes ever used) | free (node + 1)
 *     node:   child 0 (node + 1), or next free | child 1 | state (0 free, 1 live, 2 joint) | prefix length | bits, padded to 8 | value
 *
 * A key is its prefix length and then bits, the first bit the highest of the first byte; in a node it starts at byte 12.
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EEXIST, EINVAL, ENOENT, ENOSPC } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, isWritable, type MapContext, round8 } from './header.ts';
import { BPF_EXIST, BPF_NOEXIST, type BpfMap, type MapLayout, type UserOperations } from './map.ts';

const COUNT = 0;
const ROOT = 1;
const FRESH = 2;
const FREE = 3;
/** Words of a node; the children are words 0 and 1. */
const STATE = 2;
const PREFIX = 3;
const LIVE = 1;
const JOINT = 2;
/** Bytes before a node's key, and before its bits. */
export const KEY_OFFSET = 12;
export const BITS_OFFSET = 16;
/** Of a key, before its bits. */
const KEY_BITS = 4;

export class LpmTrieMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations = { batches: ['lookup', 'update', 'delete'] };
  readonly #memory: Memory;
  readonly #i32: Int32Array;
  readonly #head: number;
  readonly #nodes: LinearAddress;
  readonly #nodeSize: number;
  readonly #longest: number;
  readonly #bytes: number;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    const valueOffset = BITS_OFFSET + round8(keySize - KEY_BITS);
    const elementSize = valueOffset + round8(valueSize);
    // Each joint has two children, so there are fewer of them than live nodes.
    const nodes = maxEntries * 2 - 1;
    this.#nodes = memory.allocateRegion(elementSize * nodes, {
      kind: 'map',
      label: `map ${name}`,
      writable: isWritable(definition),
      stride: elementSize,
      readableFrom: valueOffset,
      writableFrom: valueOffset,
      used: valueOffset + valueSize,
    });
    this.#memory = memory;
    this.#i32 = memory.i32;
    this.#head = base >> 2;
    this.#nodeSize = elementSize;
    this.#bytes = keySize - KEY_BITS;
    this.#longest = this.#bytes * 8;
    this.definition = definition;
    const elements = this.#nodes - base;
    const size = elements + elementSize * nodes;
    this.layout = { base, size, keySize, valueSize, cpuStride: 0, elements, elementSize, valueOffset };
  }

  lookup(key: LinearAddress, _cpu: number): LinearAddress {
    const prefix = this.#memory.readLow(key) >>> 0;
    if (prefix > this.#longest) return 0;
    let found = 0;
    for (let node = this.#at(this.#i32[this.#head + ROOT]!); node !== 0; ) {
      const matched = this.#matched(node, key + KEY_BITS, prefix);
      const length = this.#i32[(node >> 2) + PREFIX]!;
      if (matched === this.#longest) {
        found = node;
        break;
      }
      if (matched < length) break;
      if (this.#i32[(node >> 2) + STATE] === LIVE) found = node;
      // All bits of the key are used up: Linux looks at the bit after them, too.
      node = this.#child(node, this.#bit(key + KEY_BITS, length));
    }
    return found === 0 ? 0 : found + this.layout.valueOffset;
  }

  peek(key: LinearAddress, cpu: number): LinearAddress {
    return this.lookup(key, cpu);
  }

  update(key: LinearAddress, value: LinearAddress, flags: number, _cpu: number): number {
    if (flags < 0 || flags > BPF_EXIST) return EINVAL;
    const prefix = this.#memory.readLow(key) >>> 0;
    if (prefix > this.#longest) return EINVAL;
    let link = this.#head + ROOT;
    let matched = 0;
    let node = this.#at(this.#i32[link]!);
    while (node !== 0) {
      matched = this.#matched(node, key + KEY_BITS, prefix);
      const length = this.#i32[(node >> 2) + PREFIX]!;
      if (length !== matched || length === prefix) break;
      link = (node >> 2) + this.#bit(key + KEY_BITS, length);
      node = this.#at(this.#i32[link]!);
    }
    const whole = node !== 0 && this.#i32[(node >> 2) + PREFIX] === matched;
    const live = whole && this.#i32[(node >> 2) + STATE] === LIVE;
    if (live && flags === BPF_NOEXIST) return EEXIST;
    if (!live) {
      if (flags === BPF_EXIST) return ENOENT;
      if (this.count() >= this.definition.maxEntries) return ENOSPC;
      this.#i32[this.#head + COUNT] = this.count() + 1;
      if (whole) this.#i32[(node >> 2) + STATE] = LIVE;
      else node = this.#insert(link, node, matched, key, prefix);
    }
    const { u8 } = this.#memory;
    const target = node + this.layout.valueOffset;
    u8.copyWithin(target, value, value + this.definition.valueSize);
    // Bits after the prefix are those of the last key.
    u8.copyWithin(node + BITS_OFFSET, key + KEY_BITS, key + KEY_BITS + this.#bytes);
    return 0;
  }

  /** A live node at `link`; the node there now, 0 for none, shares `matched` bits with the key and goes below. */
  #insert(
    link: number,
    node: LinearAddress,
    matched: number,
    key: LinearAddress,
    prefix: number,
  ): LinearAddress {
    const i32 = this.#i32;
    const below = i32[link]!;
    const added = this.#take(LIVE, prefix, key + KEY_BITS);
    const number = this.#number(added);
    if (node === 0) {
      i32[link] = number;
    } else if (matched === prefix) {
      i32[(added >> 2) + this.#bit(node + BITS_OFFSET, matched)] = below;
      i32[link] = number;
    } else {
      const joint = this.#take(JOINT, matched, node + BITS_OFFSET);
      const side = this.#bit(key + KEY_BITS, matched);
      i32[(joint >> 2) + side] = number;
      i32[(joint >> 2) + 1 - side] = below;
      i32[link] = this.#number(joint);
    }
    return added;
  }

  delete(key: LinearAddress): number {
    const prefix = this.#memory.readLow(key) >>> 0;
    if (prefix > this.#longest) return EINVAL;
    const i32 = this.#i32;
    let upper = 0;
    let parent = 0;
    let link = this.#head + ROOT;
    let node = this.#at(i32[link]!);
    let matched = 0;
    while (node !== 0) {
      matched = this.#matched(node, key + KEY_BITS, prefix);
      const length = i32[(node >> 2) + PREFIX]!;
      if (length !== matched || length === prefix) break;
      upper = link;
      parent = node;
      link = (node >> 2) + this.#bit(key + KEY_BITS, length);
      node = this.#at(i32[link]!);
    }
    const at = node >> 2;
    if (node === 0 || i32[at + PREFIX] !== prefix || matched !== prefix || i32[at + STATE] !== LIVE)
      return ENOENT;
    i32[this.#head + COUNT] = this.count() - 1;
    const [left, right] = [i32[at]!, i32[at + 1]!];
    if (left !== 0 && right !== 0) {
      i32[at + STATE] = JOINT;
      return 0;
    }
    if (left === 0 && right === 0 && parent !== 0 && i32[(parent >> 2) + STATE] === JOINT) {
      // The joint has one child left, which takes its place.
      i32[upper] = i32[(parent >> 2) + (link === parent >> 2 ? 1 : 0)]!;
      this.#release(parent);
    } else i32[link] = left !== 0 ? left : right;
    this.#release(node);
    return 0;
  }

  /** `trie_get_next_key`: longer prefixes before the shorter ones they begin with; a key that is not there starts over. */
  nextKey(key: LinearAddress): LinearAddress {
    const path = key === 0 ? [] : this.#path(key);
    for (let i = path.length - 1; i > 0; i--) {
      const parent = path[i - 1]!;
      const right = this.#child(parent, 1);
      if (this.#child(parent, 0) === path[i] && right !== 0) return this.#deepest(right);
      if (this.#i32[(parent >> 2) + STATE] === LIVE) return parent + KEY_OFFSET;
    }
    if (path.length > 0) return 0;
    const root = this.#at(this.#i32[this.#head + ROOT]!);
    return root === 0 ? 0 : this.#deepest(root);
  }

  /** Nodes from the root to the live one of a key; empty when there is none. */
  #path(key: LinearAddress): readonly LinearAddress[] {
    const prefix = this.#memory.readLow(key) >>> 0;
    const path: LinearAddress[] = [];
    if (prefix > this.#longest) return path;
    let node = this.#at(this.#i32[this.#head + ROOT]!);
    while (node !== 0) {
      path.push(node);
      const length = this.#i32[(node >> 2) + PREFIX]!;
      if (this.#matched(node, key + KEY_BITS, prefix) !== length) return [];
      if (length === prefix) return this.#i32[(node >> 2) + STATE] === LIVE ? path : [];
      node = this.#child(node, this.#bit(key + KEY_BITS, length));
    }
    return [];
  }

  /** The key that comes first of a node and those below. */
  #deepest(from: LinearAddress): LinearAddress {
    for (let node = from; ; ) {
      const next = this.#child(node, 0) || this.#child(node, 1);
      if (next === 0) return node + KEY_OFFSET;
      node = next;
    }
  }

  count(): number {
    return this.#i32[this.#head + COUNT]!;
  }

  #at(number: number): LinearAddress {
    return number === 0 ? 0 : this.#nodes + (number - 1) * this.#nodeSize;
  }

  #number(node: LinearAddress): number {
    return (node - this.#nodes) / this.#nodeSize + 1;
  }

  #child(node: LinearAddress, side: number): LinearAddress {
    return this.#at(this.#i32[(node >> 2) + side]!);
  }

  /** Bit `index` of bits at an address; 0 beyond the last. */
  #bit(bits: LinearAddress, index: number): number {
    if (index >= this.#longest) return 0;
    return (this.#memory.u8[bits + (index >> 3)]! >> (7 - (index & 7))) & 1;
  }

  /** How many bits a node's prefix and a key's share. */
  #matched(node: LinearAddress, bits: LinearAddress, prefix: number): number {
    const { u8 } = this.#memory;
    const limit = Math.min(this.#i32[(node >> 2) + PREFIX]!, prefix);
    for (let i = 0; i * 8 < limit; i++) {
      const difference = u8[node + BITS_OFFSET + i]! ^ u8[bits + i]!;
      if (difference !== 0) return Math.min(limit, i * 8 + Math.clz32(difference) - 24);
    }
    return limit;
  }

  #take(state: number, prefix: number, bits: LinearAddress): LinearAddress {
    const i32 = this.#i32;
    const free = i32[this.#head + FREE]!;
    const number = free !== 0 ? free : ++i32[this.#head + FRESH]!;
    const node = this.#at(number);
    const at = node >> 2;
    if (free !== 0) i32[this.#head + FREE] = i32[at]!;
    i32[at] = 0;
    i32[at + 1] = 0;
    i32[at + STATE] = state;
    i32[at + PREFIX] = prefix;
    this.#memory.u8.copyWithin(node + BITS_OFFSET, bits, bits + this.#bytes);
    return node;
  }

  #release(node: LinearAddress): void {
    const i32 = this.#i32;
    i32[(node >> 2) + STATE] = 0;
    i32[node >> 2] = i32[this.#head + FREE]!;
    i32[this.#head + FREE] = this.#number(node);
  }
}
