/** Perf events, ring buffers: output of every kind, references to records. */
import { type Body, FP, memory, NONE, OTHER, UNKNOWN } from '../body.ts';
import { bounded } from './bound.ts';
import { memoryAndSize } from './helper.ts';
import { checkNull } from './map.ts';
import type { Statement } from './statement.ts';
import { STORES } from './widths.ts';

const OUTPUT = 25;
const Ring = { output: 130, reserve: 131, submit: 132, discard: 133, query: 134 } as const;

function perfOutput(b: Body): void {
  const { dice } = b;
  if (!b.can('perf_event_output')) return;
  memoryAndSize(b, 4, 5, true);
  b.map(2, dice.wrong() ? 'hash' : 'events');
  if (dice.chance(0.6)) b.out.wide(3, 0, -1, 0);
  else b.op('mov64_k', 3, 0, 0, dice.below(3));
  if (!b.context(1)) return;
  b.helper(OUTPUT);
}

function ringOutput(b: Body): void {
  memoryAndSize(b, 2, 3, true);
  b.map(1, 'ring');
  b.movK(4, 0);
  b.helper(Ring.output);
}

function ringQuery(b: Body): void {
  b.map(1, 'ring');
  b.movK(2, b.dice.below(5));
  b.helper(Ring.query);
}

/** reserve, fill, submit or discard; on every way out. */
function reserve(b: Body): void {
  const { dice } = b;
  const size = 8 * dice.between(1, 12);
  b.map(1, 'ring');
  if (dice.wrong()) b.op('mov64_x', 2, bounded(b, 64));
  else b.movK(2, size);
  b.map(1, dice.wrong() ? 'array' : 'ring');
  b.movK(3, 0);
  b.helper(Ring.reserve, OTHER);
  const record = b.home();
  b.op('mov64_x', record, 0);
  const lost = b.join();
  if (!dice.wrong()) b.jump('jeq_k', dice.chance(0.5) ? 0 : record, 0, 0, lost);
  b.set(record, memory(size, true));
  const outer = b.bail;
  b.bail = undefined;
  b.references++;
  write(b, record, size);
  if (dice.chance(0.5)) {
    b.nesting++;
    b.plan.block(b, 1);
    b.nesting--;
    b.hold(record);
  }
  b.references--;
  const failed = b.bail as ReturnType<Body['join']> | undefined;
  b.bail = outer;
  if (failed !== undefined) b.arrive(failed);
  if (dice.wrong()) return;
  b.op('mov64_x', 1, record);
  if (dice.wrong()) b.op('add64_k', 1, 0, 0, 8);
  b.movK(2, dice.of([0, 0, 1, 2]));
  b.helper(dice.chance(0.75) ? Ring.submit : Ring.discard, NONE);
  b.set(record, NONE);
  if (dice.wrong()) b.op('ldx64', 0, record, 0);
  b.set(0, NONE);
  b.arrive(lost);
  b.set(record, NONE);
}

function write(b: Body, record: number, size: number): void {
  const { dice } = b;
  const count = dice.between(1, 3);
  for (let i = 0; i < count; i++) {
    const width = dice.below(4);
    const bytes = 1 << width;
    const off = dice.wrong() ? size : bytes * dice.below(size / bytes);
    b.op(STORES[width]!, record, b.scalar(), off);
  }
  if (dice.chance(0.4)) {
    const index = bounded(b, size - 1);
    const p = b.fresh();
    b.op('mov64_x', p, record);
    b.op('add64_x', p, index);
    b.op('st8', p, 0, 0, 1);
    b.set(p, OTHER);
  }
  if (dice.chance(0.4) && b.can('probe_read_kernel')) {
    b.op('mov64_x', 3, b.scalar());
    b.op('mov64_x', 1, record);
    b.movK(2, Math.min(size, 8));
    b.helper(113);
  }
}

function dynamicRecord(b: Body): void {
  const { dice } = b;
  const dynptr = b.stack(2);
  b.take(dynptr, 2);
  b.op('mov64_x', 2, bounded(b, 4096));
  b.map(1, 'ring');
  b.movK(3, 0);
  b.stackAddress(4, dynptr);
  b.helper(198);
  // Whether that worked or not, it must be submitted or discarded.
  const outer = b.bail;
  b.bail = undefined;
  b.references++;
  dynptrUse(b, dynptr);
  b.references--;
  const failed = b.bail as ReturnType<Body['join']> | undefined;
  b.bail = outer;
  if (failed !== undefined) b.arrive(failed);
  b.take(dynptr, 2, 0);
  if (dice.wrong()) return;
  b.stackAddress(1, dynptr);
  b.movK(2, 0);
  b.helper(dice.chance(0.7) ? 199 : 200, NONE);
}

function dynptrUse(b: Body, dynptr: number): void {
  const { dice } = b;
  switch (dice.below(4)) {
    case 0: {
      const off = b.stack(2);
      b.fill(off, 2);
      b.stackAddress(1, dynptr);
      b.movK(2, dice.below(8));
      b.stackAddress(3, off);
      b.movK(4, 16);
      b.movK(5, 0);
      b.helper(202);
      return;
    }
    case 1: {
      const off = b.stack(2);
      b.stackAddress(1, off);
      b.movK(2, 16);
      b.stackAddress(3, dynptr);
      b.movK(4, dice.below(8));
      b.movK(5, 0);
      b.helper(201);
      return;
    }
    case 2: {
      b.stackAddress(1, dynptr);
      b.movK(2, 0);
      b.movK(3, 16);
      b.helper(203, OTHER);
      checkNull(b, memory(16, true));
      b.op('st64', 0, 0, dice.wrong() ? 16 : 8, 1);
      return;
    }
    default: {
      if (!b.hasKfuncs('generic')) return;
      const buffer = b.stack(2);
      b.stackAddress(1, dynptr);
      b.movK(2, 0);
      b.stackAddress(3, buffer);
      b.movK(4, 16);
      b.kfunc('bpf_dynptr_slice', OTHER);
      checkNull(b, memory(16, false));
      const to = b.fresh();
      b.op('ldx64', to, 0, dice.wrong() ? 12 : 8);
      b.set(to, UNKNOWN);
    }
  }
}

/** A dynamic pointer to the program's own memory. */
function localDynptr(b: Body): void {
  const { dice } = b;
  const dynptr = b.stack(2);
  b.take(dynptr, 2);
  b.mapValue(1, dice.wrong() ? 'rodata' : 'data', 0);
  b.movK(2, dice.between(16, 128));
  b.movK(3, 0);
  b.stackAddress(4, dynptr);
  b.helper(197);
  const count = dice.between(1, 3);
  for (let i = 0; i < count; i++) dynptrUse(b, dynptr);
  if (dice.wrong()) b.op('st64', FP, 0, dynptr, 0);
  if (dice.chance(0.3) && b.hasKfuncs('generic')) {
    b.stackAddress(1, dynptr);
    b.kfunc(dice.of(['bpf_dynptr_size', 'bpf_dynptr_is_null', 'bpf_dynptr_is_rdonly'] as const), UNKNOWN);
  }
  b.take(dynptr, 2, 0);
}

export const outputStatements: readonly Statement[] = [
  {
    name: 'output/perf',
    weight: 8,
    when: (b) => b.kind.helpers.has('perf_event_output') && b.allows('events'),
    write: perfOutput,
  },
  { name: 'output/ring', weight: 4, write: ringOutput },
  { name: 'output/query', weight: 1, write: ringQuery },
  { name: 'ring/reserve', weight: 9, write: reserve },
  { name: 'dynptr/ring', weight: 3, write: dynamicRecord },
  { name: 'dynptr/local', weight: 4, write: localDynptr },
];
