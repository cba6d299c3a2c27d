/** Iterators over numbers and bits (kernel/bpf/bpf_iter.c, kernel/bpf/helpers.c). */
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { E2BIG, EFAULT, EINVAL, ENOMEM } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import { memoryArgument, setPointer } from '../helpers/arguments.ts';
import { MAX_LOOPS } from '../layout.ts';
import type { Machine } from '../machine.ts';
import { type KfuncEntry, silent } from './entry.ts';

/** `struct bpf_iter_num_kern`: last number given and end, int32 each. */
const NUM_SIZE = 8;
/** `struct bpf_iter_bits_kern`: one word of bits or a pointer to them | count | last bit. */
const BITS_SIZE = 16;
const COUNT = 8;
const BIT = 12;
const MOST_WORDS = 511;

export function iteratorKfuncs(machine: Machine): readonly KfuncEntry[] {
  return [
    ['bpf_iter_num_new', (r) => setResult(r, newNumbers(machine, r))],
    ['bpf_iter_num_next', (r) => setPointer(r, nextNumber(machine, r))],
    [
      'bpf_iter_num_destroy',
      (r) => {
        machine.memory.writePair(memoryArgument(machine, r, 1, NUM_SIZE, true), 0, 0);
        setResult(r, 0);
      },
    ],
    ['bpf_iter_bits_new', (r) => setResult(r, newBits(machine, r))],
    ['bpf_iter_bits_next', (r) => setPointer(r, nextBit(machine, r))],
    ['bpf_iter_bits_destroy', (r) => destroyBits(machine, r)],
    ...silent('bpf_iter_kmem_cache_destroy', 'bpf_iter_dmabuf_destroy'),
  ];
}

/** r1 iterator, r2 first number, r3 the one after the last. */
function newNumbers(machine: Machine, r: Int32Array): number {
  const at = memoryArgument(machine, r, 1, NUM_SIZE, true);
  const [start, end] = [r[4]!, r[6]!];
  const problem = start > end ? EINVAL : end - start > MAX_LOOPS ? E2BIG : 0;
  if (problem !== 0) machine.memory.writePair(at, 0, 0);
  else machine.memory.writePair(at, start - 1, end);
  return problem;
}

/** Address of the next number, which is in the iterator. */
function nextNumber(machine: Machine, r: Int32Array): LinearAddress {
  const { memory } = machine;
  const at = memoryArgument(machine, r, 1, NUM_SIZE, true);
  const next = (memory.readLow(at) + 1) | 0;
  const end = memory.readHigh(at);
  if (next >= end) {
    memory.writePair(at, 0, 0);
    return 0;
  }
  memory.writePair(at, next, end);
  return at;
}

/** r1 iterator, r2 words, r3 their number. */
function newBits(machine: Machine, r: Int32Array): number {
  const { memory } = machine;
  const at = memoryArgument(machine, r, 1, BITS_SIZE, true);
  const words = r[6]! >>> 0;
  memory.writePair(at, 0, 0);
  memory.writePair(at + COUNT, 0, -1);
  if ((r[4]! | r[5]!) === 0 || words === 0) return EINVAL;
  if (words > MOST_WORDS) return E2BIG;
  const source = r[4]!;
  if (r[5] !== KERNEL_TAG || !memory.regions.covers(source >>> 0, words * 8, false)) return EFAULT;
  const target = words === 1 ? at : machine.heap.allocate(words * 8);
  if (target === 0) return ENOMEM;
  memory.u8.copyWithin(target, source, source + words * 8);
  if (words > 1) memory.writePointer(at, target);
  memory.writePair(at + COUNT, words * 64, -1);
  return 0;
}

/** Address of the number of the next bit that is set. */
function nextBit(machine: Machine, r: Int32Array): LinearAddress {
  const { memory } = machine;
  const at = memoryArgument(machine, r, 1, BITS_SIZE, true);
  const count = memory.readLow(at + COUNT);
  let bit = memory.readLow(at + BIT);
  if (count === 0 || bit >= count) return 0;
  const bits = count === 64 ? at : memory.readLow(at);
  do bit++;
  while (bit < count && ((memory.u8[bits + (bit >> 3)]! >> (bit & 7)) & 1) === 0);
  memory.writePair(at + COUNT, count, bit);
  return bit < count ? at + BIT : 0;
}

function destroyBits(machine: Machine, r: Int32Array): void {
  const { memory } = machine;
  const at = memoryArgument(machine, r, 1, BITS_SIZE, true);
  if (memory.readLow(at + COUNT) > 64) machine.heap.free(memory.readLow(at));
  memory.writePair(at + COUNT, 0, 0);
  setResult(r, 0);
}
