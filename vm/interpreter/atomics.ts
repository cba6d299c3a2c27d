/**
 * Atomic operations (RFC 9669 section 5.3). The machine is single-threaded, so each is a load, a computation and a store.
 * `address` is checked by the caller.
 */
import type { Memory } from '../memory.ts';

/** Opcode numbers come in pairs of 32 and 64 bits; the pair's place tells the operation. */
const ADD = 0;
const OR = 1;
const AND = 2;
const XOR = 3;

/** First opcode number of each family in the opcode table. */
const ATOMIC_FIRST = 146;
const ATOMIC_FETCH_FIRST = 154;
const XCHG_FIRST = 162;
const CMPXCHG_FIRST = 164;

/** Runs opcode `op` (146 ... 165) with source register `s` (doubled) on the number at `address`. */
export function runAtomic(memory: Memory, r: Int32Array, op: number, s: number, address: number): void {
  const wide = (op & 1) === 1;
  const oldLow = memory.readLow(address);
  const oldHigh = wide ? memory.readHigh(address) : 0;
  if (op >= CMPXCHG_FIRST) {
    compareExchange(memory, r, s, address, wide, oldLow, oldHigh);
    return;
  }
  if (op >= XCHG_FIRST) store(memory, address, wide, r[s]!, r[s + 1]!);
  else {
    const which = ((op - ATOMIC_FIRST) >> 1) & 3;
    combine(memory, r, s, address, wide, which, oldLow, oldHigh);
  }
  if (op < ATOMIC_FETCH_FIRST) return;
  r[s] = oldLow;
  r[s + 1] = oldHigh;
}

function compareExchange(
  memory: Memory,
  r: Int32Array,
  s: number,
  address: number,
  wide: boolean,
  oldLow: number,
  oldHigh: number,
): void {
  if (oldLow === r[0] && (!wide || oldHigh === r[1])) store(memory, address, wide, r[s]!, r[s + 1]!);
  r[0] = oldLow;
  r[1] = oldHigh;
}

function combine(
  memory: Memory,
  r: Int32Array,
  s: number,
  address: number,
  wide: boolean,
  which: number,
  oldLow: number,
  oldHigh: number,
): void {
  const low = r[s]!;
  const high = r[s + 1]!;
  if (which === ADD) {
    const sum = (oldLow + low) | 0;
    const carry = sum >>> 0 < low >>> 0 ? 1 : 0;
    store(memory, address, wide, sum, (oldHigh + high + carry) | 0);
  } else if (which === OR) store(memory, address, wide, oldLow | low, oldHigh | high);
  else if (which === AND) store(memory, address, wide, oldLow & low, oldHigh & high);
  else if (which === XOR) store(memory, address, wide, oldLow ^ low, oldHigh ^ high);
}

function store(memory: Memory, address: number, wide: boolean, low: number, high: number): void {
  memory.view.setInt32(address, low, true);
  if (wide) memory.view.setInt32(address + 4, high, true);
}
