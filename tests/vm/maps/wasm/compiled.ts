/** Map operations compiled for a test: for one map, and for all of its shape. */
import { Current } from '../../../../vm/layout.ts';
import type { Machine } from '../../../../vm/machine.ts';
import type { BpfMap } from '../../../../vm/maps/map.ts';
import { MapFunctions } from '../../../../vm/maps/wasm/map-functions.ts';
import { MAP_OPERATION_NAMES, type MapOperation } from '../../../../vm/maps/wasm/operation.ts';
import type { ModuleBuilder } from '../../../../vm/wasm/builder.ts';
import { directModule } from '../../../../vm/wasm/direct/module.ts';
import { type WasmFunction, wasm } from '../../../../vm/wasm/platform.ts';

export type Operations = Readonly<Partial<Record<MapOperation, (...args: (number | bigint)[]) => number>>>;

function instantiate(machine: Machine, module: ModuleBuilder): Readonly<Record<string, WasmFunction>> {
  const env = { memory: machine.memory.wasm, table: machine.table };
  return new wasm.Instance(new wasm.Module(module.finish().bytes), { env }).exports;
}

function moduleFor(machine: Machine): ModuleBuilder {
  const module = directModule();
  module.importMemory({ initial: machine.memory.pages, maximum: machine.memory.pages });
  return module;
}

/** Of this map. */
export function ownOperations(machine: Machine, map: BpfMap): Operations {
  const module = moduleFor(machine);
  const functions = new MapFunctions(module);
  for (const name of MAP_OPERATION_NAMES) {
    const fn = functions.get(map, name);
    if (fn !== undefined) module.export(name, fn);
  }
  functions.define();
  return instantiate(machine, module) as Operations;
}

/** The lookup as it stands inside programs. */
export function inlineOperations(machine: Machine, map: BpfMap): Operations {
  const module = moduleFor(machine);
  const functions = new MapFunctions(module);
  const fn = module.declare('inline', { params: ['i32'], result: 'i32' });
  const f = module.define(fn);
  const value = functions.inlineLookup(f, map, f.param(0));
  if (value === undefined) f.unreachable();
  else f.return(value);
  f.finish();
  module.export('lookup', fn);
  functions.define();
  return value === undefined ? {} : (instantiate(machine, module) as Operations);
}

/** Of all maps of the shape of `example`, called for `map`. */
export function sharedOperations(machine: Machine, example: BpfMap, map: BpfMap): Operations {
  const module = moduleFor(machine);
  const functions = new MapFunctions(module);
  for (const [name, fn] of functions.shared(example)) module.export(name, fn);
  functions.define();
  const operations: Partial<Record<MapOperation, (...args: (number | bigint)[]) => number>> = {};
  for (const [name, fn] of Object.entries(instantiate(machine, module))) {
    operations[name as MapOperation] = (...args) => fn(map.layout.base, ...args) as number;
  }
  return operations;
}

/** What the map does in JavaScript, in the same form. */
export function scriptOperations(machine: Machine, map: BpfMap): Operations {
  const flag = (flags: bigint): number => (flags > 0xffff_ffffn ? -1 : Number(flags));
  const cpu = (): number => machine.memory.i32[Current.cpu >> 2]!;
  return {
    lookup: (key) => map.lookup(key as number, cpu()),
    update: (key, value, flags) => map.update(key as number, value as number, flag(flags as bigint), cpu()),
    delete: (key) => map.delete(key as number),
    push: (value, flags) => map.push!(value as number, flag(flags as bigint)),
    pop: (target) => map.take!(target as number, true),
    peek: (target) => map.take!(target as number, false),
  };
}

/** The functions that end reservations. */
export function commits(
  machine: Machine,
): Readonly<Record<'submit' | 'discard', (record: number) => number>> {
  const module = moduleFor(machine);
  const functions = new MapFunctions(module);
  module.export('submit', functions.commit(false));
  module.export('discard', functions.commit(true));
  functions.define();
  return instantiate(machine, module) as Record<'submit' | 'discard', (record: number) => number>;
}
