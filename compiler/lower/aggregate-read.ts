/** Aggregations as numbers: every CPU's copy is looked up and combined. */
import type { MapSymbol } from '../check/model.ts';
import type { Local, Operand, Value } from '../ir/ir.ts';
import type { AggregateType } from '../types/type.ts';
import type { Lowering } from './lowering.ts';

export interface Combined {
  /** What the aggregation reads as. */
  readonly number: Operand;
  /** First word combined: count, sum, extreme or total. */
  readonly first: Operand;
  /** Second word combined: whether set, or the count. */
  readonly second: Operand;
}

export function sumOverCpus(low: Lowering, symbol: MapSymbol, type: AggregateType, key: Value): Combined {
  const { b } = low;
  const [cpu, first, second] = [b.local('cpu'), b.local('first'), b.local('second')];
  for (const local of [cpu, first, second]) b.setLocal(local, 0n);
  const [head, body, found, next, done] = [b.block(), b.block(), b.block(), b.block(), b.block()];
  b.jump(head);
  b.enter(head);
  b.branch({ op: 'ult', left: b.getLocal(cpu), right: BigInt(low.module.model.kernel.cpus) }, body, done);
  b.enter(body);
  const map = b.mapAddress(`@${symbol.name}`);
  const copy = b.callHelper('map_lookup_percpu_elem', [map, key, b.getLocal(cpu)], {
    kind: 'map-value-or-null',
  });
  b.branch({ op: 'eq', left: copy, right: 0n }, done, found, 'then');
  b.enter(found);
  combine(low, type, copy, first, second);
  b.jump(next);
  b.enter(next);
  b.setLocal(cpu, b.binary('add', b.getLocal(cpu), 1n));
  b.jump(head);
  b.enter(done);
  const [one, two] = [b.getLocal(first), b.getLocal(second)];
  const number = type.kind === 'avg' || type.kind === 'stats' ? average(low, type.signed, one, two) : one;
  return { number, first: one, second: two };
}

function combine(low: Lowering, type: AggregateType, copy: Value, first: Local, second: Local): void {
  const { b } = low;
  const value = b.load(copy, 0, 8);
  if (type.kind !== 'min' && type.kind !== 'max') {
    b.setLocal(first, b.binary('add', b.getLocal(first), value));
    if (type.size === 16) b.setLocal(second, b.binary('add', b.getLocal(second), b.load(copy, 8, 8)));
    return;
  }
  const [set, compare, take, after] = [b.block(), b.block(), b.block(), b.block()];
  b.branch({ op: 'ne', left: b.load(copy, 8, 8), right: 0n }, set, after);
  b.enter(set);
  b.branch({ op: 'eq', left: b.getLocal(second), right: 0n }, take, compare);
  b.enter(compare);
  const op = type.kind === 'min' ? (type.signed ? 'slt' : 'ult') : type.signed ? 'sgt' : 'ugt';
  b.branch({ op, left: value, right: b.getLocal(first) }, take, after);
  b.enter(take);
  b.setLocal(first, value);
  b.setLocal(second, 1n);
  b.jump(after);
  b.enter(after);
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
