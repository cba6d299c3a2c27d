/**
 * What arrays of things share (the `fd_array` of kernel/bpf/arraymap.c: PROG_ARRAY, PERF_EVENT_ARRAY, CGROUP_ARRAY,
 * ARRAY_OF_MAPS): user space puts a thing into a slot by its number, and programs have no values to read.
 *
 *     header: word 0 = the key `nextKey` hands out | cells: u32 each, 0 for an empty slot
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EINVAL, ENOENT, ENOTSUPP } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, type MapContext } from './header.ts';
import { nextIndex } from './index-key.ts';
import type { BatchCommand, BpfMap, MapLayout, UserOperations } from './map.ts';

const CELL = 4;

export abstract class SlotArrayMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations;
  protected readonly memory: Memory;
  readonly #cells: number;

  constructor(definition: MapDefinition, { memory }: MapContext, batches: readonly BatchCommand[] = []) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    const first = memory.allocate(CELL * maxEntries, `map ${name}`);
    const elements = first - base;
    const size = elements + CELL * maxEntries;
    this.memory = memory;
    this.definition = definition;
    this.layout = {
      base,
      size,
      keySize,
      valueSize,
      cpuStride: 0,
      elements,
      elementSize: CELL,
      valueOffset: 0,
    };
    this.#cells = first >> 2;
    this.user = {
      valueSize: 4,
      lookup: (key, target) => this.#answer(key, target),
      update: (key, value, flags) => this.#put(key, value, flags),
      batches,
    };
  }

  /** The cell of what user space calls `number`, or a negative errno. */
  protected abstract cellOf(number: number): number;

  /** What user space gets for a cell; undefined where the type does not tell. */
  protected abstract numberOf(cell: number): number | undefined;

  /** The cell at an index; 0 when it is empty or there is none. */
  cell(index: number): number {
    return index < this.definition.maxEntries ? this.memory.i32[this.#cells + index]! : 0;
  }

  protected setCell(index: number, cell: number): void {
    this.memory.i32[this.#cells + index] = cell;
  }

  lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  peek(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  /** Programs cannot put anything in. */
  update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  /** `fd_array_map_delete_elem` */
  delete(key: LinearAddress): number {
    const index = this.memory.readLow(key) >>> 0;
    if (index >= this.definition.maxEntries) return E2BIG;
    if (this.cell(index) === 0) return ENOENT;
    this.setCell(index, 0);
    return 0;
  }

  nextKey(key: LinearAddress): LinearAddress {
    return nextIndex(this.memory, this.layout.base, key, this.definition.maxEntries);
  }

  /** Slots in use. */
  count(): number {
    let count = 0;
    for (let i = 0; i < this.definition.maxEntries; i++) if (this.cell(i) !== 0) count++;
    return count;
  }

  /** `bpf_fd_array_map_update_elem` */
  #put(key: LinearAddress, value: LinearAddress, flags: number): number {
    if (flags !== 0) return EINVAL;
    const index = this.memory.readLow(key) >>> 0;
    if (index >= this.definition.maxEntries) return E2BIG;
    const cell = this.cellOf(this.memory.readLow(value) >>> 0);
    if (cell < 0) return cell;
    this.setCell(index, cell);
    return 0;
  }

  /** `bpf_fd_array_map_lookup_elem` */
  #answer(key: LinearAddress, target: LinearAddress): number {
    const cell = this.cell(this.memory.readLow(key) >>> 0);
    const number = this.numberOf(cell);
    if (number === undefined) return ENOTSUPP;
    if (cell === 0) return ENOENT;
    this.memory.view.setUint32(target, number, true);
    return 0;
  }
}
