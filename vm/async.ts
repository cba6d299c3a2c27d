/**
 * Callbacks that run later: `struct bpf_timer` and `struct bpf_wq` of map values. The kernel around the machine asks when
 * the next one is due, lets its time come so far, and fires it.
 *
 *     the field in the value: | number of the record here, 0: none | 0 ... |
 *
 * A value that is deleted or written anew loses its callbacks: the number in it is gone, or the value is no element's.
 */
import { KERNEL_TAG, type LinearAddress } from './address.ts';
import { EBUSY, EDEADLK, EINVAL } from './errno.ts';
import { Current } from './layout.ts';
import type { Machine } from './machine.ts';
import { round8 } from './maps/header.ts';
import type { BpfMap } from './maps/map.ts';
import type { Program } from './program.ts';

export type AsyncKind = 'timer' | 'work';

/** A timer's or work's field, as initialised. */
export interface AsyncCallback {
  readonly kind: AsyncKind;
  /** Of the field. */
  readonly address: LinearAddress;
  readonly map: BpfMap;
  /** What the clock is ahead of the one programs see. */
  readonly clockOffset: number;
  /** The code address that is called, and of which program; undefined until it is set. */
  target: { readonly program: Program; readonly low: number; readonly high: number } | undefined;
  /** Nanoseconds; undefined while it is not started. */
  due: number | undefined;
  cpu: number;
  /** Of those due at one time the one started first fires first. */
  order: number;
}

/** Nothing that is started fires sooner: as long as an interrupt takes. */
const SHORTEST_DELAY_NS = 1000;

export class AsyncCallbacks {
  /** What CLOCK_REALTIME is ahead of the clock programs see. */
  realtimeOffsetNs = 0;
  readonly #machine: Machine;
  /** The number is the index. */
  readonly #all: (AsyncCallback | undefined)[] = [undefined];
  /** Those that wait; few, so that none is sorted. */
  readonly #started = new Set<AsyncCallback>();
  readonly #key: LinearAddress;
  #running: AsyncCallback | undefined;
  #next: number = Number.POSITIVE_INFINITY;
  #order = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#key = machine.memory.allocateRegion(8, { kind: 'kernel', label: 'key of an array element' });
  }

  /** When the next one is due; Infinity when none is. */
  get next(): number {
    return this.#next;
  }

  get now(): number {
    const { i32 } = this.#machine.memory;
    return (i32[(Current.time >> 2) + 1]! >>> 0) * 2 ** 32 + (i32[Current.time >> 2]! >>> 0);
  }

  init(kind: AsyncKind, address: LinearAddress, map: BpfMap, clockOffset: number): number {
    if (this.#at(kind, address) !== undefined) return EBUSY;
    const made = { kind, address, map, clockOffset, target: undefined, due: undefined, cpu: 0, order: 0 };
    this.#machine.memory.writePair(address, this.#all.push(made) - 1, 0);
    return 0;
  }

  setCallback(kind: AsyncKind, address: LinearAddress, program: Program, low: number, high: number): number {
    const one = this.#at(kind, address);
    if (one === undefined) return EINVAL;
    one.target = { program, low, high };
    return 0;
  }

  /** `ns` from now, or at that time of its clock when `absolute`. */
  start(kind: AsyncKind, address: LinearAddress, ns: number, absolute: boolean): number {
    const one = this.#at(kind, address);
    if (one?.target === undefined) return EINVAL;
    const { now } = this;
    one.due = Math.max(now + SHORTEST_DELAY_NS, absolute ? ns - one.clockOffset : now + ns);
    one.cpu = this.#machine.cpu;
    one.order = this.#order++;
    this.#started.add(one);
    this.#next = Math.min(this.#next, one.due);
    return 0;
  }

  /** 1 when it was started, 0 when it was not. Its callback is forgotten. */
  cancel(address: LinearAddress): number {
    const one = this.#at('timer', address);
    if (one === undefined) return EINVAL;
    if (one === this.#running) return EDEADLK;
    one.target = undefined;
    return this.#stop(one) ? 1 : 0;
  }

  /** Runs what is due at {@link next}, each on its CPU through `run`, which the machine's kernel gives its moment. */
  fire(run: (cpu: number, call: () => void) => void): void {
    const time = this.#next;
    const due = [...this.#started].filter((one) => one.due !== undefined && one.due <= time);
    for (const one of due.sort((a, b) => a.due! - b.due! || a.order - b.order)) {
      // One that fired before it may have stopped it.
      if (!this.#stop(one)) continue;
      if (this.#at(one.kind, one.address) === one) this.#call(one, run);
    }
    this.#findNext();
  }

  #call(one: AsyncCallback, run: (cpu: number, call: () => void) => void): void {
    const { target, map } = one;
    const value = valueAround(one);
    const key = this.#keyOf(map, value);
    if (target === undefined || key === 0) return;
    const machine = this.#machine;
    this.#running = one;
    try {
      run(one.cpu, () => {
        const r = machine.registers;
        [map.layout.base, key, value].forEach((address, index) => {
          r[2 + index * 2] = address;
          r[3 + index * 2] = KERNEL_TAG;
        });
        machine.invoke(target.program, one.cpu, target.low, target.high);
      });
    } finally {
      this.#running = undefined;
    }
  }

  /** Address of the key of a value; 0 when it is no element's any more. */
  #keyOf(map: BpfMap, value: LinearAddress): LinearAddress {
    const { base, elements, elementSize, keySize } = map.layout;
    if (map.definition.type === 'array') {
      this.#machine.memory.writePair(this.#key, (value - base - elements) / elementSize, 0);
      return this.#key;
    }
    const key = value - round8(keySize);
    return map.peek(key, 0) === value ? key : 0;
  }

  #at(kind: AsyncKind, address: LinearAddress): AsyncCallback | undefined {
    const one = this.#all[this.#machine.memory.readLow(address)];
    return one?.address === address && one.kind === kind ? one : undefined;
  }

  #stop(one: AsyncCallback): boolean {
    one.due = undefined;
    const was = this.#started.delete(one);
    if (was) this.#findNext();
    return was;
  }

  #findNext(): void {
    this.#next = Number.POSITIVE_INFINITY;
    for (const { due } of this.#started) if (due !== undefined && due < this.#next) this.#next = due;
  }
}

/** The value that a field lies in. */
function valueAround({ address, map }: AsyncCallback): LinearAddress {
  const { base, elements, elementSize, valueOffset } = map.layout;
  const first = base + elements;
  return address - ((address - first) % elementSize) + valueOffset;
}
