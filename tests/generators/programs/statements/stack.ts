/** The stack: stores and loads of every width, spills and fills, places that only a scalar tells. */
import { type Body, FP, scalar, slotOf, UNKNOWN, type Value } from '../body.ts';
import { bounded } from './bound.ts';
import type { Statement } from './statement.ts';
import { LOADS, STORES, STORES_IMMEDIATE } from './widths.ts';

function store(b: Body): void {
  const { dice } = b;
  const width = dice.below(4);
  const bytes = 1 << width;
  const off = b.stack(1) + placeIn(b, bytes);
  if (dice.chance(0.5)) b.op(STORES_IMMEDIATE[width]!, FP, 0, off, dice.of([0, 1, -1, 255, 0x12345678]));
  else b.op(STORES[width]!, FP, b.scalar(), off);
}

function load(b: Body): void {
  const { dice } = b;
  const width = dice.below(LOADS.length);
  const bytes = 1 << (width & 3);
  const off = b.stack(1) + placeIn(b, bytes);
  const to = b.fresh();
  b.op(LOADS[width]!, to, FP, off);
  b.set(to, UNKNOWN);
}

/** Offset of an access within a slot. */
function placeIn(b: Body, bytes: number): number {
  if (b.dice.wrong()) return b.dice.below(9) + (b.dice.chance(0.2) ? 504 : 0);
  return bytes * b.dice.below(8 / bytes);
}

function spill(b: Body): void {
  const from = b.dice.chance(0.7) ? b.scalar() : b.dice.below(10);
  const value = b.values[from]!;
  if (value.kind === 'none' && !b.dice.wrong()) return;
  const off = b.stack(1);
  b.op('stx64', FP, from, off);
  b.spills[slotOf(off, 1)] = value;
}

function spill32(b: Body): void {
  const off = b.stack(1);
  const from = b.scalarCopy();
  if (b.dice.chance(0.5)) b.op('mov32_x', from, from);
  b.op('stx32', FP, from, off + (b.dice.chance(0.3) ? 4 : 0));
  const to = b.fresh();
  b.op(b.dice.of(['ldx32', 'ldx32', 'ldx16', 'ldx8', 'ldsx32', 'ldx64'] as const), to, FP, off);
  b.set(to, UNKNOWN);
}

function fill(b: Body): void {
  const { dice, spills } = b;
  const first = dice.below(b.slots);
  for (let i = 0; i < b.slots; i++) {
    const slot = (first + i) % b.slots;
    const value: Value | undefined = spills[slot];
    if (value === undefined) continue;
    const to = b.fresh();
    const narrow = value.kind === 'scalar' && dice.chance(0.3);
    const name = narrow ? dice.of(['ldx32', 'ldx16', 'ldx8', 'ldsx32'] as const) : 'ldx64';
    b.op(dice.wrong() ? 'ldx32' : name, to, FP, -8 * (slot + 1));
    b.set(to, narrow ? UNKNOWN : value);
    return;
  }
}

/** A place that depends on a number: bytes of an array on the stack. */
function variable(b: Body): void {
  const { dice } = b;
  const slots = dice.between(1, 4);
  const off = b.stack(slots);
  const width = dice.below(4);
  const bytes = 1 << width;
  const index = bounded(b, slots * (8 / bytes) - 1);
  if (width > 0 && !dice.wrong()) b.op('lsh64_k', index, 0, 0, width);
  const p = b.fresh();
  b.mov(p, FP);
  if (dice.chance(0.5)) b.op('add64_k', p, 0, 0, off);
  b.op('add64_x', p, index);
  const rest = dice.chance(0.5) ? 0 : off;
  const fixed = b.dice.wrong() ? rest + dice.of([-8, 8, 1]) : rest;
  if (dice.chance(0.5)) b.fill(off, slots);
  const value = b.scalar();
  if (dice.chance(0.6)) b.op(STORES[width]!, p, value, fixed);
  const to = b.fresh();
  if (dice.chance(0.7)) b.op(LOADS[width]!, to, p, fixed);
  b.set(to, UNKNOWN);
  if (dice.chance(0.2)) b.op('ldx64', to, FP, off);
  b.set(index, UNKNOWN);
}

/** A zeroed structure, as compilers make one. */
function zeroed(b: Body): void {
  const count = b.dice.between(2, 6);
  const off = b.stack(count);
  const zero = b.fresh();
  b.movK(zero, 0);
  for (let i = 0; i < count; i++) b.op('stx64', FP, zero, off + 8 * i);
  const to = b.fresh();
  b.op('ldx8', to, FP, off + b.dice.below(8 * count));
  b.set(to, scalar(255));
}

/** Writes over a part of a spilled pointer or number and reads the slot again. */
function overwrite(b: Body): void {
  const { dice } = b;
  const off = b.stack(1);
  const p = b.fresh();
  if (dice.chance(0.5) && dice.wrong()) b.stackAddress(p, off);
  else b.mov(p, b.scalar());
  b.op('stx64', FP, p, off);
  b.op(dice.of(['st8', 'st16', 'st32'] as const), FP, 0, off + 4 * dice.below(2), dice.below(300));
  const to = b.fresh();
  b.op(dice.of(['ldx64', 'ldx32', 'ldx8'] as const), to, FP, off);
  b.set(to, UNKNOWN);
}

export const stackStatements: readonly Statement[] = [
  { name: 'stack/store', weight: 10, quiet: true, write: store },
  { name: 'stack/load', weight: 8, quiet: true, write: load },
  { name: 'stack/spill', weight: 10, quiet: true, write: spill },
  { name: 'stack/fill', weight: 10, quiet: true, write: fill },
  { name: 'stack/spill 32', weight: 6, quiet: true, write: spill32 },
  { name: 'stack/variable offset', weight: 10, quiet: true, write: variable },
  { name: 'stack/zeroed', weight: 4, quiet: true, write: zeroed },
  { name: 'stack/overwrite', weight: 4, quiet: true, write: overwrite },
];
