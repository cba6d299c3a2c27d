/**
 * Maps: nanoseconds an operation in WebAssembly (a loop that calls the generated functions), in JavaScript (what the
 * reference interpreter and user space call), and the ratio of each to JavaScript's own Map doing the same.
 */
import { createMachine, type Machine } from '../vm/index.ts';
import type { BpfMap } from '../vm/maps/map.ts';
import { MapFunctions } from '../vm/maps/wasm/map-functions.ts';
import type { FunctionBuilder, FunctionRef, Local, Value } from '../vm/wasm/builder.ts';
import { directModule } from '../vm/wasm/direct/module.ts';
import { I32, I64 } from '../vm/wasm/opcodes.ts';
import { wasm } from '../vm/wasm/platform.ts';
import { median } from './measure.ts';

const ROUNDS = 9;
const KEYS = 1024;
/** Keys looked at in a row. */
const RUN = 16384;
const REPEAT = 40;
/** Bytes from one key to the next in the run. */
const STRIDE = 32;

/** One operation at the key at `key`. */
interface Operation {
  readonly name: string;
  readonly wasm: (f: FunctionBuilder, place: Place, key: Local) => void;
  readonly script: (map: BpfMap, key: number, value: number, i32: Int32Array) => void;
  readonly peer: (map: Map<number, number>, key: number) => void;
}

interface Place {
  readonly functions: MapFunctions;
  readonly map: BpfMap;
  readonly value: number;
}

const call = (place: Place, operation: Parameters<MapFunctions['get']>[1]): FunctionRef =>
  place.functions.get(place.map, operation)!;

/** As programs have it: in place where that is short. */
function lookup(f: FunctionBuilder, place: Place, key: Local): Value {
  const { functions, map } = place;
  return functions.inlineLookup(f, map, key) ?? f.call(call(place, 'lookup'), [f.get(key)]);
}

const LOOKUP: Operation = {
  name: 'lookup',
  wasm: (f, place, key) => f.drop(lookup(f, place, key)),
  script: (map, key) => map.lookup(key, 0),
  // Else the whole loop is left out.
  peer: (map, key) => {
    if (map.get(key) === undefined) throw new Error('a key is missing');
  },
};

const COUNT: Operation = {
  name: 'count: lookup, add, or update',
  wasm: (f, place, key) => {
    const found = f.local('i32');
    f.if(f.tee(found, lookup(f, place, key)));
    const address = f.get(found);
    f.store(I64.store, address, f.binary(I64.add, f.load(I64.load, f.get(found), 0), f.i64(1, 0)), 0);
    f.else();
    f.drop(f.call(call(place, 'update'), [f.get(key), f.i32(place.value), f.i64(0, 0)]));
    f.end();
  },
  script: (map, key, value, i32) => {
    const found = map.lookup(key, 0);
    if (found === 0) map.update(key, value, 0, 0);
    else i32[found >> 2]!++;
  },
  peer: (map, key) => map.set(key, (map.get(key) ?? 0) + 1),
};

const UPDATE: Operation = {
  name: 'update',
  wasm: (f, place, key) =>
    f.drop(f.call(call(place, 'update'), [f.get(key), f.i32(place.value), f.i64(0, 0)])),
  script: (map, key, value) => map.update(key, value, 0, 0),
  peer: (map, key) => map.set(key, 1),
};

const DELETE: Operation = {
  name: 'delete and update',
  wasm: (f, place, key) => {
    f.drop(f.call(call(place, 'delete'), [f.get(key)]));
    UPDATE.wasm(f, place, key);
  },
  script: (map, key, value) => {
    map.delete(key);
    map.update(key, value, 0, 0);
  },
  peer: (map, key) => {
    map.delete(key);
    map.set(key, 1);
  },
};

interface Subject {
  readonly type: 'array' | 'percpu_array' | 'hash' | 'percpu_hash' | 'lru_hash' | 'lru_percpu_hash';
  readonly keySize: number;
  readonly operations: readonly Operation[];
}

const ALL = [LOOKUP, COUNT, UPDATE, DELETE];
const SUBJECTS: readonly Subject[] = [
  { type: 'array', keySize: 4, operations: [LOOKUP, COUNT, UPDATE] },
  { type: 'percpu_array', keySize: 4, operations: [COUNT] },
  { type: 'hash', keySize: 4, operations: ALL },
  { type: 'hash', keySize: 8, operations: ALL },
  { type: 'hash', keySize: 16, operations: ALL },
  { type: 'hash', keySize: 20, operations: [COUNT] },
  { type: 'percpu_hash', keySize: 8, operations: ALL },
  { type: 'lru_hash', keySize: 8, operations: ALL },
  { type: 'lru_percpu_hash', keySize: 8, operations: [COUNT] },
];

interface Row {
  readonly name: string;
  /** ns. */
  readonly wasm: number;
  readonly script: number;
  readonly peer: number;
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const rows = SUBJECTS.flatMap((subject) =>
    subject.operations.map((operation) => measure(subject, operation)),
  );
  if (options.json) {
    const report = rows.map((row) => ({
      ...row,
      ratios: { wasm: row.wasm / row.peer, script: row.script / row.peer },
    }));
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  process.stdout.write(`${'ns an operation'.padEnd(52)}    wasm          JavaScript    Map\n`);
  for (const { name, wasm: compiled, script, peer } of rows) {
    const ratio = (ns: number): string =>
      `${ns.toFixed(1).padStart(6)} ${(ns / peer).toFixed(2).padStart(5)}x `;
    process.stdout.write(
      `${name.padEnd(52)} ${ratio(compiled)} ${ratio(script)} ${peer.toFixed(1).padStart(6)}\n`,
    );
  }
}

function measure({ type, keySize }: Subject, operation: Operation): Row {
  const machine = createMachine({ memoryLimit: 8 << 20, cpus: type.includes('percpu') ? 4 : 1 });
  const { map } = machine.createMap({
    name: 'm',
    type,
    keySize,
    valueSize: 8,
    maxEntries: KEYS,
    flags: 0,
  });
  const keys = machine.memory.allocate(RUN * STRIDE, 'keys');
  const value = machine.memory.allocate(8, 'value');
  const numbers = new Int32Array(RUN);
  let random = 1;
  for (let i = 0; i < RUN; i++) {
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fff_ffff;
    numbers[i] = (random >> 12) % KEYS;
    machine.memory.writePair(keys + i * STRIDE, numbers[i]!, 0);
  }
  machine.memory.writePair(value, 1, 0);
  for (let i = 0; i < RUN; i++) map.update(keys + i * STRIDE, value, 0, 0);
  const compiled = loop(machine, map, operation, keys, value);
  const { i32 } = machine.memory;
  const script = (): void => {
    for (let i = 0; i < RUN; i++) operation.script(map, keys + i * STRIDE, value, i32);
  };
  const own = new Map<number, number>([...numbers].map((number) => [number, 1]));
  const peer = (): void => {
    for (let i = 0; i < RUN; i++) operation.peer(own, numbers[i]!);
  };
  const times = [compiled, script, peer].map((): number[] => []);
  for (let round = -2; round < ROUNDS; round++) {
    [compiled, script, peer].forEach((work, index) => {
      const start = process.threadCpuUsage().user;
      for (let i = 0; i < REPEAT; i++) work();
      const ns = ((process.threadCpuUsage().user - start) * 1e3) / (REPEAT * RUN);
      if (round >= 0) times[index]!.push(ns);
    });
  }
  const [wasmTime, scriptTime, peerTime] = times.map(median) as [number, number, number];
  return {
    name: `${type}, keys of ${keySize} bytes: ${operation.name}`,
    wasm: wasmTime,
    script: scriptTime,
    peer: peerTime,
  };
}

/** A function that does the operation at all keys. */
function loop(machine: Machine, map: BpfMap, operation: Operation, keys: number, value: number): () => void {
  const module = directModule();
  module.importMemory({ initial: machine.memory.pages, maximum: machine.memory.pages });
  const functions = new MapFunctions(module);
  const main = module.declare('main', { params: [], result: undefined });
  const f = module.define(main);
  const key = f.local('i32');
  f.set(key, f.i32(keys));
  const again = f.loop();
  operation.wasm(f, { functions, map, value }, key);
  const next = f.tee(key, f.binary(I32.add, f.get(key), f.i32(STRIDE)));
  f.brIf(again, f.binary(I32.lt_u, next, f.i32(keys + RUN * STRIDE)));
  f.end();
  f.finish();
  functions.define();
  module.export('main', main);
  const { exports } = new wasm.Instance(new wasm.Module(module.finish().bytes), {
    env: { memory: machine.memory.wasm },
  });
  return exports.main as () => void;
}
