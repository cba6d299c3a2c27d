/**
 * Aggregations as numbers: every CPU's copy is looked up and combined. The program does not know how many CPUs there
 * are: `bpf_map_lookup_percpu_elem` gives NULL behind the last one, and for a key that the map lacks.
 */
import type { MapSymbol } from '../check/model.ts';
import type { Local, Operand, Value } from '../ir/ir.ts';
import type { AggregateType } from '../types/type.ts';
import type { Lowering } from './lowering.ts';

/** CPUs looked at, for the verifier to see an end. Each costs it some fifteen of its million instructions. */
const MOST_CPUS = 1024n;

export interface Combined {
  /** What the aggregation reads as. */
  readonly number: Operand;
  /** First word combined: count, sum, extreme or total. */
  readonly first: Operand;
  /** Second word combined: whether set, or the count. */
  readonly second: Operand;
  /** Copies found: none when the map lacks the key. */
  readonly cpus: Operand;
}

export function sumOverCpus(low: Lowering, symbol: MapSymbol, type: AggregateType, key: Value): Combined {
  const { b } = low;
  const [cpu, first, second] = [b.local('cpu'), b.local('first'), b.local('second')];
  for (const local of [cpu, first, second]) b.setLocal(local, 0n);
  const [head, body, found, next, done] = [b.block(), b.block(), b.block(), b.block(), b.block()];
  b.jump(head);
  b.enter(head);
  b.branch({ op: 'ult', left: b.getLocal(cpu), right: MOST_CPUS }, body, done);
  b.enter(body);
  const map = b.mapAddress(`@${symbol.name}`);
  const copy = b.callHelper('map_lookup_percpu_elem', [map, key, b.getLocal(cpu)], {
    kind: 'map-value-or-null',
  });
  // NULL falls through, though it is rare: the verifier follows that arm first, and need not keep it for later.
  b.branch({ op: 'ne', left: copy, right: 0n }, found, done, 'then');
  b.enter(found);
  combine(low, type, copy, first, second);
  b.jump(next);
  b.enter(next);
  b.setLocal(cpu, b.binary('add', b.getLocal(cpu), 1n));
  b.jump(head);
  b.enter(done);
  const [one, two] = [b.getLocal(first), b.getLocal(second)];
  const number = type.kind === 'avg' || type.kind === 'stats' ? average(low, type.signed, one, two) : one;
  return { number, first: one, second: two, cpus: b.getLocal(cpu) };
}

function combine(low: Lowering, type: AggregateType, copy: Value, first: Local, second: Local): void {
  const { b } = low;
  const value = b.load(copy, 0, 8);
  if (type.kind !== 'min' && type.kind !== 'max') {
    b.setLocal(first, b.binary('add', b.getLocal(first), value));
    if (type.size === 16) b.setLocal(second, b.binary('add', b.getLocal(second), b.load(copy, 8, 8)));
    return;
  }
  combineExtreme(low, type, value, b.load(copy, 8, 8), first, second);
}

/**
 * Without branches: those would tell the verifier a new range of the extreme for each CPU, and no round would look like
 * the one before. The sign bit of `less` is that of a comparison without overflow (Hacker's Delight, 2-12).
 */
function combineExtreme(
  low: Lowering,
  type: Extract<AggregateType, { kind: 'min' | 'max' | 'avg' | 'stats' }>,
  value: Value,
  set: Value,
  first: Local,
  second: Local,
): void {
  const { b } = low;
  const known = b.getLocal(first);
  const wasSet = b.getLocal(second);
  const [left, right] = type.kind === 'min' ? [value, known] : [known, value];
  const different = b.binary('xor', left, right);
  const clear = b.binary('and', different, type.signed ? left : right);
  const same = b.binary('xor', different, -1n);
  const less = b.binary('or', clear, b.binary('and', same, b.binary('sub', left, right)));
  const better = b.binary('ashr', less, 63n);
  const unset = b.binary('sub', wasSet, 1n);
  const take = b.binary('and', b.binary('or', unset, better), b.binary('sub', low.constantValue(0n), set));
  b.setLocal(first, b.binary('xor', known, b.binary('and', different, take)));
  b.setLocal(second, b.binary('or', wasSet, set));
}

/** Signed totals divide by their magnitude: BPF's division is unsigned. */
function average(low: Lowering, signed: boolean, total: Operand, count: Operand): Operand {
  const { b } = low;
  if (!signed) return b.binary('udiv', total, count);
  const result = b.local('average');
  const [negative, positive, after] = [b.block(), b.block(), b.block()];
  b.branch({ op: 'slt', left: total, right: 0n }, negative, positive);
  b.enter(negative);
  const magnitude = b.binary('udiv', b.binary('sub', low.constantValue(0n), total), count);
  b.setLocal(result, b.binary('sub', low.constantValue(0n), magnitude));
  b.jump(after);
  b.enter(positive);
  b.setLocal(result, b.binary('udiv', total, count));
  b.jump(after);
  b.enter(after);
  return b.getLocal(result);
}
