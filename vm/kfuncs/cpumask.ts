/** CPU masks that programs own (kernel/bpf/cpumask.c): bits of the machine's CPUs, then a count of references. */
import type { LinearAddress } from '../address.ts';
import { setResult, setResultPair } from '../helper-port.ts';
import { memoryArgument, setPointer, sizeArgument } from '../helpers/arguments.ts';
import type { Machine } from '../machine.ts';
import { type KfuncEntry, setFlag, setUnsigned } from './entry.ts';

/** NR_CPUS / 8 of a usual configuration. */
const MASK_SIZE = 1024;
const REFERENCES: number = MASK_SIZE;
const EACCES = -13;

export function cpumaskKfuncs(machine: Machine): readonly KfuncEntry[] {
  const masks = new CpuMasks(machine);
  const mask = (r: Int32Array, n: number): LinearAddress => memoryArgument(machine, r, n, MASK_SIZE);
  const count = machine.cpus;
  /** Sets r1's mask to what `combine` makes of those of r2 and r3. */
  const combine = (r: Int32Array, of: (a: boolean, b: boolean) => boolean): boolean => {
    const [target, a, b] = [mask(r, 1), mask(r, 2), mask(r, 3)];
    for (let cpu = 0; cpu < count; cpu++) masks.put(target, cpu, of(masks.has(a, cpu), masks.has(b, cpu)));
    return !masks.every(target, (is) => !is);
  };
  const both = (r: Int32Array, test: (a: boolean, b: boolean) => boolean): boolean => {
    const [a, b] = [mask(r, 1), mask(r, 2)];
    return masks.every(a, (is, cpu) => test(is, masks.has(b, cpu)));
  };
  const nothing = (r: Int32Array): void => setResultPair(r, 0, 0);
  return [
    ['bpf_cpumask_create', (r) => setPointer(r, masks.create())],
    ['bpf_cpumask_acquire', (r) => setPointer(r, masks.acquire(mask(r, 1)))],
    [
      'bpf_cpumask_release',
      (r) => {
        masks.release(mask(r, 1));
        nothing(r);
      },
    ],
    ['bpf_cpumask_first', (r) => setUnsigned(r, masks.find(mask(r, 1), 0, true))],
    ['bpf_cpumask_first_zero', (r) => setUnsigned(r, masks.find(mask(r, 1), 0, false))],
    ['bpf_cpumask_first_and', (r) => setUnsigned(r, masks.findBoth(mask(r, 1), mask(r, 2), 0))],
    ['bpf_cpumask_any_distribute', (r) => setUnsigned(r, masks.distribute(mask(r, 1), mask(r, 1)))],
    ['bpf_cpumask_any_and_distribute', (r) => setUnsigned(r, masks.distribute(mask(r, 1), mask(r, 2)))],
    ['bpf_cpumask_weight', (r) => setUnsigned(r, masks.weight(mask(r, 1)))],
    ['bpf_cpumask_test_cpu', (r) => setFlag(r, masks.has(mask(r, 2), r[2]! >>> 0))],
    ['bpf_cpumask_test_and_set_cpu', (r) => setFlag(r, masks.exchange(mask(r, 2), r[2]! >>> 0, true))],
    ['bpf_cpumask_test_and_clear_cpu', (r) => setFlag(r, masks.exchange(mask(r, 2), r[2]! >>> 0, false))],
    ...(
      [
        ['bpf_cpumask_set_cpu', (r) => masks.put(mask(r, 2), r[2]! >>> 0, true)],
        ['bpf_cpumask_clear_cpu', (r) => masks.put(mask(r, 2), r[2]! >>> 0, false)],
        ['bpf_cpumask_setall', (r) => masks.fill(mask(r, 1), true)],
        ['bpf_cpumask_clear', (r) => masks.fill(mask(r, 1), false)],
        ['bpf_cpumask_copy', (r) => masks.copy(mask(r, 1), mask(r, 2))],
        ['bpf_cpumask_or', (r) => combine(r, (a, b) => a || b)],
        ['bpf_cpumask_xor', (r) => combine(r, (a, b) => a !== b)],
      ] satisfies readonly KfuncEntry[]
    ).map(
      ([name, run]): KfuncEntry => [
        name,
        (r) => {
          run(r);
          nothing(r);
        },
      ],
    ),
    [
      'bpf_cpumask_and',
      (r) =>
        setFlag(
          r,
          combine(r, (a, b) => a && b),
        ),
    ],
    [
      'bpf_cpumask_equal',
      (r) =>
        setFlag(
          r,
          both(r, (a, b) => a === b),
        ),
    ],
    ['bpf_cpumask_intersects', (r) => setFlag(r, !both(r, (a, b) => !(a && b)))],
    [
      'bpf_cpumask_subset',
      (r) =>
        setFlag(
          r,
          both(r, (a, b) => !a || b),
        ),
    ],
    [
      'bpf_cpumask_empty',
      (r) =>
        setFlag(
          r,
          masks.every(mask(r, 1), (is) => !is),
        ),
    ],
    [
      'bpf_cpumask_full',
      (r) =>
        setFlag(
          r,
          masks.every(mask(r, 1), (is) => is),
        ),
    ],
    ['bpf_cpumask_populate', (r) => setResult(r, populate(machine, r, masks))],
  ];
}

/** r1 mask, r2 bits, r3 their bytes. */
function populate(machine: Machine, r: Int32Array, masks: CpuMasks): number {
  const target = memoryArgument(machine, r, 1, MASK_SIZE, true);
  const size = sizeArgument(machine, r, 3);
  const source = memoryArgument(machine, r, 2, size);
  if (size * 8 < machine.cpus) return EACCES;
  for (let cpu = 0; cpu < machine.cpus; cpu++) masks.put(target, cpu, masks.has(source, cpu));
  return 0;
}

class CpuMasks {
  readonly #machine: Machine;
  readonly #u8: Uint8Array;
  /** `distribute_cpu_mask_prev` */
  #given = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#u8 = machine.memory.u8;
  }

  create(): LinearAddress {
    const mask = this.#machine.heap.allocate(MASK_SIZE + 8);
    if (mask !== 0) this.#count(mask, 1);
    return mask;
  }

  acquire(mask: LinearAddress): LinearAddress {
    this.#count(mask, 1);
    return mask;
  }

  release(mask: LinearAddress): void {
    if (this.#count(mask, -1) === 0) this.#machine.heap.free(mask);
  }

  has(mask: LinearAddress, cpu: number): boolean {
    return cpu < this.#machine.cpus && ((this.#u8[mask + (cpu >> 3)]! >> (cpu & 7)) & 1) === 1;
  }

  put(mask: LinearAddress, cpu: number, isSet: boolean): void {
    if (cpu >= this.#machine.cpus) return;
    const byte = this.#u8[mask + (cpu >> 3)]!;
    const bit = 1 << (cpu & 7);
    this.#u8[mask + (cpu >> 3)] = isSet ? byte | bit : byte & ~bit;
  }

  exchange(mask: LinearAddress, cpu: number, isSet: boolean): boolean {
    const was = this.has(mask, cpu);
    this.put(mask, cpu, isSet);
    return was;
  }

  fill(mask: LinearAddress, isSet: boolean): void {
    for (let cpu = 0; cpu < this.#machine.cpus; cpu++) this.put(mask, cpu, isSet);
  }

  copy(target: LinearAddress, source: LinearAddress): void {
    this.#u8.copyWithin(target, source, source + MASK_SIZE);
  }

  every(mask: LinearAddress, test: (isSet: boolean, cpu: number) => boolean): boolean {
    for (let cpu = 0; cpu < this.#machine.cpus; cpu++) if (!test(this.has(mask, cpu), cpu)) return false;
    return true;
  }

  weight(mask: LinearAddress): number {
    let weight = 0;
    for (let cpu = 0; cpu < this.#machine.cpus; cpu++) if (this.has(mask, cpu)) weight++;
    return weight;
  }

  /** The first from `from` on; the number of CPUs when there is none. */
  find(mask: LinearAddress, from: number, isSet: boolean): number {
    let cpu = from;
    while (cpu < this.#machine.cpus && this.has(mask, cpu) !== isSet) cpu++;
    return cpu;
  }

  findBoth(a: LinearAddress, b: LinearAddress, from: number): number {
    let cpu = this.find(a, from, true);
    while (cpu < this.#machine.cpus && !this.has(b, cpu)) cpu = this.find(a, cpu + 1, true);
    return cpu;
  }

  /** The next one after that given last, from the start again when there is none. */
  distribute(a: LinearAddress, b: LinearAddress): number {
    const { cpus } = this.#machine;
    const after = this.findBoth(a, b, this.#given + 1);
    const cpu = after < cpus ? after : this.findBoth(a, b, 0);
    if (cpu < cpus) this.#given = cpu;
    return cpu;
  }

  /** References after `change`. */
  #count(mask: LinearAddress, change: number): number {
    const { i32 } = this.#machine.memory;
    const count = i32[(mask + REFERENCES) >> 2]! + change;
    i32[(mask + REFERENCES) >> 2] = count;
    return count;
  }
}
