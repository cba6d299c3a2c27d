/**
 * What optimising and generating cost by size of the function: map updates with a miss path each, twenty variables
 * alive throughout. The peer is the smallest size: per update, larger functions should cost the same.
 */
import { generateFunction } from '../compiler/codegen/generate.ts';
import { FunctionBuilder } from '../compiler/ir/builder.ts';
import type { IrFunction, Local } from '../compiler/ir/ir.ts';
import { optimiseFunction } from '../compiler/optimise/index.ts';

const SIZES: readonly number[] = [250, 500, 1000, 2000, 4000];
const VARIABLES = 20;

interface Row {
  readonly updates: number;
  readonly instructions: number;
  readonly optimiseMs: number;
  readonly generateMs: number;
  /** Time per update against the first row's. */
  readonly ratio: number;
}

export async function run({ json }: { readonly json: boolean }): Promise<void> {
  measure(1000);
  const rows: Row[] = [];
  for (const size of SIZES) {
    const row = measure(size);
    const first = rows[0] ?? row;
    const ratio = cost(row) / cost(first);
    rows.push({ ...row, ratio });
  }
  if (json) console.log(JSON.stringify(rows));
  else console.table(rows.map((row) => ({ ...row, ratio: row.ratio.toFixed(2) })));
}

function cost(row: Row): number {
  return (row.optimiseMs + row.generateMs) / row.updates;
}

function measure(updates: number): Row {
  const fn = manyUpdates(updates);
  const start = cpuMs();
  const optimised = optimiseFunction(fn);
  const middle = cpuMs();
  const { instructions } = generateFunction(optimised, { instructionSet: 4 });
  const generateMs = Math.round(cpuMs() - middle);
  return {
    updates,
    instructions: instructions.length,
    optimiseMs: Math.round(middle - start),
    generateMs,
    ratio: 1,
  };
}

/** Of this process, so that others on the machine do not count. */
function cpuMs(): number {
  return process.cpuUsage().user / 1000;
}

function manyUpdates(count: number): IrFunction {
  const builder = new FunctionBuilder('updates', 1);
  const context = builder.parameter(0, 'context');
  const locals = Array.from({ length: VARIABLES }, (_, index): Local => {
    const local = builder.local(`$${index}`);
    builder.setLocal(local, BigInt(index));
    return local;
  });
  for (let index = 0; index < count; index += 1) {
    const key = builder.slot(`key${index}`, 8);
    const value = builder.slot(`value${index}`, 16);
    const local = locals[index % VARIABLES]!;
    builder.store(builder.slotAddress(key), 0, 8, builder.load(context, 8 * (index % 8), 8));
    const map = builder.mapAddress(`@${index % 7}`);
    const args = [map, builder.slotAddress(key)];
    const found = builder.callHelper('map_lookup_elem', args, { kind: 'map-value-or-null' });
    const [hit, miss, join] = [builder.block(), builder.block(), builder.block()];
    builder.branch({ op: 'eq', left: found, right: 0n }, miss, hit, 'then');
    builder.enter(hit);
    const old = builder.load(found, 0, 8);
    builder.store(found, 0, 8, builder.binary('add', old, 1n));
    builder.setLocal(local, builder.binary('add', builder.getLocal(local), old));
    builder.jump(join);
    builder.enter(miss);
    builder.zero(builder.slotAddress(value), 0, 16);
    builder.callHelper('map_update_elem', [...args, builder.slotAddress(value), { constant: 0n }]);
    builder.jump(join);
    builder.enter(join);
  }
  const sum = locals.reduce(
    (total, local) => builder.binary('add', total, builder.getLocal(local)),
    builder.constant(0n),
  );
  builder.return(sum);
  return builder.finish();
}
