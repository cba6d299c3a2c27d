/** Memory of known size, wherever it comes from, and what programs do with it. */
import type { OpName } from '../../../../bpf/opcodes.ts';
import { type Body, FP, memory, OTHER, UNKNOWN } from '../body.ts';
import { bounded } from './bound.ts';
import { mapValue } from './map.ts';
import type { Statement } from './statement.ts';
import { LOADS, STORES, STORES_IMMEDIATE } from './widths.ts';

export interface Place {
  /** Held. */
  readonly register: number;
  readonly off: number;
  readonly size: number;
  readonly writable: boolean;
}

/** Bytes somewhere: map value, data of the program, stack. */
export function place(b: Body): Place {
  const { dice } = b;
  for (let i = 0; i < 10; i++) {
    const register = dice.below(10);
    const { kind, limit, writable } = b.values[register]!;
    if (kind === 'memory') return { register: b.hold(register), off: 0, size: limit, writable };
  }
  if (b.quiet === 0 && dice.chance(0.6)) {
    const register = mapValue(b);
    const { limit, writable } = b.values[register]!;
    return { register, off: 0, size: limit, writable };
  }
  return dice.chance(0.6) ? direct(b) : onStack(b);
}

function direct(b: Body): Place {
  const { dice } = b;
  const name = dice.of(['data', 'data', 'data', 'rodata'] as const);
  const size = b.plan.spec(name).valueSize;
  const register = b.home();
  const from = dice.wrong() ? size + dice.of([-1, 0, 8]) : 4 * dice.below(size / 8);
  b.mapValue(register, name, from);
  b.mark('map/direct value');
  const left = Math.max(size - from, 0);
  b.set(register, memory(left, name === 'data'));
  return { register, off: 0, size: left, writable: name === 'data' };
}

function onStack(b: Body): Place {
  const slots = b.dice.between(2, 4);
  const off = b.stack(slots);
  if (b.dice.chance(0.6)) b.fill(off, slots);
  return { register: FP, off, size: slots * 8, writable: true };
}

function access(b: Body): void {
  const at = place(b);
  const count = b.dice.between(1, 4);
  for (let i = 0; i < count; i++) accessOnce(b, at);
}

function accessOnce(b: Body, { register, off, size, writable }: Place): void {
  const { dice } = b;
  const width = dice.below(4);
  const bytes = 1 << width;
  if (bytes > size && !dice.wrong()) return;
  const unaligned = register !== FP && dice.chance(0.1);
  const last = Math.max(size - bytes, 0);
  let at = unaligned ? dice.below(last + 1) : bytes * dice.below(Math.floor(last / bytes) + 1);
  if (dice.wrong()) at = dice.of([size, size - bytes + 1, -1, -bytes, size + 100, 0x7fff]);
  if (writable ? dice.chance(0.5) : dice.wrong()) {
    if (dice.chance(0.4)) b.op(STORES_IMMEDIATE[width]!, register, 0, off + at, dice.below(1000));
    else b.op(STORES[width]!, register, b.scalar(), off + at);
    return;
  }
  const to = b.fresh();
  b.op(dice.chance(0.2) && width < 3 ? LOADS[4 + width]! : LOADS[width]!, to, register, off + at);
  b.set(to, UNKNOWN);
  b.drop(to);
}

/** base + scaled index, checked first, or last, or not. */
function indexed(b: Body): void {
  const { dice } = b;
  const { register, off, size, writable } = place(b);
  const width = dice.below(4);
  const bytes = 1 << width;
  if (size < bytes && !dice.wrong()) return;
  const most = Math.max(Math.floor(size / bytes) - 1, 0);
  const index = bounded(b, most);
  if (width > 0) {
    if (dice.chance(0.7)) b.op(dice.chance(0.2) ? 'lsh32_k' : 'lsh64_k', index, 0, 0, width);
    else b.op(dice.chance(0.2) ? 'mul32_k' : 'mul64_k', index, 0, 0, bytes);
  }
  const p = b.fresh();
  b.op('mov64_x', p, register);
  b.set(p, OTHER);
  if (dice.chance(0.1)) {
    // Backwards from the end.
    b.op('add64_k', p, 0, 0, most * bytes);
    b.op('sub64_x', p, index);
  } else if (dice.chance(0.12)) {
    b.op('add64_x', index, p);
    b.op('mov64_x', p, index);
  } else b.op('add64_x', p, index);
  const at = off + (dice.wrong() ? dice.of([1, -1, bytes, -bytes, size]) : 0);
  b.set(index, UNKNOWN);
  if (writable && dice.chance(0.5)) b.op(STORES[width]!, p, b.scalar(), at);
  else {
    b.op(LOADS[width]!, index, p, at);
    b.set(index, UNKNOWN);
  }
  if (register !== FP && dice.chance(0.2)) b.op(LOADS[0]!, index, p, at);
}

/** Numbers the verifier knows, though they are in memory. */
function constants(b: Body): void {
  const { dice } = b;
  const p = b.fresh();
  const width = dice.below(4);
  const bytes = 1 << width;
  b.mapValue(p, 'rodata', 0);
  b.op(
    dice.chance(0.2) && width < 3 ? LOADS[4 + width]! : LOADS[width]!,
    p,
    p,
    bytes * dice.below(64 / bytes),
  );
  b.set(p, UNKNOWN);
  if (dice.chance(0.3)) return;
  // Without any check: the number says itself that it is small.
  const q = b.home();
  b.mapValue(q, 'data', 0);
  if (dice.chance(0.3)) b.op('and64_k', p, 0, 0, 63);
  b.op('add64_x', q, p);
  b.op('ldx8', p, q, 0);
  b.set(p, UNKNOWN);
  b.set(q, OTHER);
}

const ATOMICS: readonly OpName[] = (
  ['add', 'or', 'and', 'xor', 'fetch_add', 'fetch_or', 'fetch_and', 'fetch_xor', 'xchg', 'cmpxchg'] as const
).flatMap((name) => [`atomic_${name}32`, `atomic_${name}64`] as const);

function atomic(b: Body): void {
  const { dice } = b;
  const { register, off, size, writable } = place(b);
  if ((!writable || size < 8) && !dice.wrong()) return;
  const name = dice.of(ATOMICS);
  const bytes = name.endsWith('64') ? 8 : 4;
  const at = dice.wrong() ? dice.below(64) : bytes * dice.below(Math.floor(size / bytes));
  const value = b.scalarCopy();
  if (name.includes('cmpxchg') && b.values[0]!.kind !== 'scalar') b.movK(0, 0);
  if (register === 0) return;
  b.op(name, register, value, off + at);
  if (name.includes('cmpxchg')) b.set(0, UNKNOWN);
  b.set(value, UNKNOWN);
}

function ordered(b: Body): void {
  const { dice } = b;
  const { register, off, size, writable } = place(b);
  const width = dice.below(4);
  const bytes = 1 << width;
  if (size < bytes && !dice.wrong()) return;
  const at = dice.wrong() ? dice.below(64) : bytes * dice.below(Math.floor(size / bytes));
  if (writable && dice.chance(0.5)) {
    b.op(
      (['store_release8', 'store_release16', 'store_release32', 'store_release64'] as const)[width]!,
      register,
      b.scalar(),
      off + at,
    );
    return;
  }
  const to = b.fresh();
  b.op(
    (['load_acquire8', 'load_acquire16', 'load_acquire32', 'load_acquire64'] as const)[width]!,
    to,
    register,
    off + at,
  );
  b.set(to, UNKNOWN);
}

export const memoryStatements: readonly Statement[] = [
  { name: 'memory/access', weight: 24, quiet: true, write: access },
  { name: 'memory/indexed', weight: 30, quiet: true, write: indexed },
  { name: 'memory/constants', weight: 5, quiet: true, write: constants },
  { name: 'atomic', weight: 10, quiet: true, write: atomic },
  { name: 'atomic/ordered', weight: 5, quiet: true, write: ordered },
];
