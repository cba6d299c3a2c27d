/** Maps: lookups with their null checks, updates, deletions, maps of maps, queues. */
import { type Body, FP, memory, NONE, OTHER, UNKNOWN, type Value } from '../body.ts';
import type { MapName } from '../maps.ts';
import type { Statement } from './statement.ts';

const LOOKUP = 1;
const UPDATE = 2;
const DELETE = 3;

const VALUE_MAPS: readonly MapName[] = [
  'array',
  'array',
  'hash',
  'hash',
  'percpu_array',
  'lru_hash',
  'percpu_hash',
  'lru_percpu_hash',
  'big_array',
  'trie',
  'read_only',
  'data',
];

function randomMap(b: Body): MapName {
  if (b.dice.wrong())
    return b.dice.of(['programs', 'events', 'ring', 'stacks', 'queue', 'write_only', 'sockmap'] as const);
  const name = b.dice.of(VALUE_MAPS);
  return b.allows(name) ? name : 'array';
}

/** r2 = a key of the map on the stack. True when it is a constant that an array has. */
export function key(b: Body, name: MapName): boolean {
  const { dice } = b;
  const { keySize, maxEntries } = b.plan.spec(name);
  const slots = Math.max(1, Math.ceil(keySize / 8));
  const off = b.stack(slots);
  const constant = dice.chance(0.5);
  if (keySize > 4) b.fill(off, slots);
  else if (constant) b.op('st32', FP, 0, off, dice.below(maxEntries + (dice.wrong() ? 3 : 0)));
  else if (!dice.wrong()) b.op('stx32', FP, b.scalar(), off);
  b.stackAddress(2, off);
  return constant && keySize === 4;
}

/** r0 = the value or NULL. */
export function lookup(b: Body, name: MapName): boolean {
  const constant = key(b, name);
  b.map(1, name);
  b.helper(LOOKUP, OTHER);
  return constant;
}

/** Leaves the statement when r0 is NULL. In the ways compilers check. */
export function checkNull(b: Body, value: Value): void {
  const { dice } = b;
  if (!dice.wrong()) {
    switch (dice.below(8)) {
      case 0: {
        b.mark('null/jump over');
        const found = b.join();
        b.jump('jne_k', 0, 0, 0, found);
        if (b.references === 0 && b.quiet === 0 && dice.chance(0.6)) b.leave();
        else b.goto(b.giveUp());
        b.arrive(found, false);
        break;
      }
      case 1: {
        b.mark('null/copy');
        const copy = b.fresh();
        b.op('mov64_x', copy, 0);
        b.jump('jeq_k', copy, 0, 0, b.giveUp());
        b.set(copy, value);
        break;
      }
      case 2: {
        b.mark('null/spilled');
        const off = b.stack(1);
        b.op('stx64', FP, 0, off);
        b.jump('jeq_k', 0, 0, 0, b.giveUp());
        b.op('ldx64', 0, FP, off);
        break;
      }
      case 3: {
        // Equal to a pointer that is not NULL.
        const other = b.values.findIndex(({ kind }) => kind === 'memory');
        if (other > 0) {
          b.mark('null/register');
          b.jump('jne_x', 0, other, 0, b.giveUp());
        } else b.jump('jeq_k', 0, 0, 0, b.giveUp());
        break;
      }
      default:
        b.mark('null/check');
        b.jump('jeq_k', 0, 0, 0, b.giveUp());
    }
  } else if (dice.chance(0.2)) {
    const zero = b.fresh();
    b.movK(zero, 0);
    b.jump('jeq_x', 0, zero, 0, b.giveUp());
  } else if (dice.chance(0.3)) b.jump('jeq32_k', 0, 0, 0, b.giveUp());
  else if (dice.chance(0.5)) b.jump('jgt_k', 0, 0, 0, b.giveUp());
  b.set(0, value);
}

/** A map's value in a held register that outlives calls. */
export function mapValue(b: Body, name: MapName = randomMap(b)): number {
  const { dice } = b;
  const spec = b.plan.spec(name);
  const value = memory(spec.valueSize, name !== 'read_only');
  const constant = lookup(b, name);
  const present = constant && spec.type === 'array' && dice.chance(0.15);
  if (!present) checkNull(b, value);
  else b.mark('null/array has the key');
  const to = b.home();
  b.mov(to, 0);
  b.set(to, value);
  return to;
}

function writableMap(b: Body): MapName {
  const name = randomMap(b);
  return name === 'read_only' && !b.dice.wrong() ? 'hash' : name;
}

function update(b: Body): void {
  const { dice } = b;
  const name = writableMap(b);
  const spec = b.plan.spec(name);
  const slots = Math.ceil(spec.valueSize / 8);
  const flags = dice.of([0, 0, 0, 1, 2, 4]);
  if (slots > 8 || dice.chance(0.2)) {
    const from = mapValue(b, 'array');
    key(b, name);
    b.op('mov64_x', 3, from);
  } else {
    const off = b.stack(slots);
    b.fill(off, slots);
    b.take(off, slots);
    key(b, name);
    b.take(off, slots, 0);
    b.stackAddress(3, off);
  }
  b.map(1, name);
  b.movK(4, flags);
  b.helper(UPDATE);
}

function remove(b: Body): void {
  const name = writableMap(b);
  key(b, name);
  b.map(1, name);
  b.helper(DELETE);
}

/** A value of a map is a key of another. */
function chained(b: Body): void {
  const first = mapValue(b, b.dice.of(['array', 'hash'] as const));
  b.op('mov64_x', 2, first);
  if (b.dice.chance(0.3)) b.op('add64_k', 2, 0, 0, 8 * b.dice.below(b.dice.wrong() ? 9 : 5));
  const name = b.dice.of(['hash', 'array', 'lru_hash', 'percpu_hash'] as const);
  b.map(1, name);
  b.helper(LOOKUP, OTHER);
  const value = memory(b.plan.spec(name).valueSize, true);
  checkNull(b, value);
  b.op('ldx64', b.fresh(), 0, 8);
}

function mapOfMaps(b: Body): void {
  const { dice } = b;
  const name = dice.of(['array_of_maps', 'hash_of_maps'] as const);
  lookup(b, name);
  checkNull(b, OTHER);
  const inner = b.home();
  b.mov(inner, 0);
  b.set(inner, OTHER);
  const off = b.stack(1);
  b.op('st32', FP, 0, off, dice.below(8));
  b.stackAddress(2, off);
  b.op('mov64_x', 1, inner);
  b.helper(LOOKUP, OTHER);
  const value = memory(name === 'array_of_maps' ? 64 : 16, true);
  checkNull(b, value);
  const to = b.fresh();
  b.op('ldx64', to, 0, 8);
  b.set(to, UNKNOWN);
}

/** push, pop, peek of queues, stacks and bloom filters. */
function queues(b: Body): void {
  const { dice } = b;
  const name = dice.of(['queue', 'stack', 'bloom'] as const);
  const slots = b.plan.spec(name).valueSize / 8;
  const off = b.stack(slots);
  b.fill(off, slots);
  b.map(1, name);
  b.stackAddress(2, off);
  const helper = name === 'bloom' && !dice.wrong() ? dice.of([87, 89]) : dice.of([87, 88, 89]);
  if (helper === 87) b.movK(3, dice.of([0, 0, 2]));
  if (name === 'bloom' && helper === 87) b.movK(3, 0);
  b.helper(helper);
}

function percpuLookup(b: Body): void {
  if (!b.can('map_lookup_percpu_elem')) return;
  const name = b.dice.of(['percpu_array', 'percpu_hash', 'lru_percpu_hash'] as const);
  key(b, name);
  b.map(1, name);
  b.movK(3, 0);
  b.helper(195, OTHER);
  checkNull(b, memory(b.plan.spec(name).valueSize, true));
  b.op('st64', 0, 0, 8, 1);
  b.set(0, NONE);
}

export const mapStatements: readonly Statement[] = [
  { name: 'map/update', weight: 8, write: update },
  { name: 'map/delete', weight: 4, write: remove },
  { name: 'map/chained', weight: 4, write: chained },
  { name: 'map/of maps', weight: 4, write: mapOfMaps },
  { name: 'map/queues', weight: 4, when: (b) => b.kind.sleepable !== true, write: queues },
  {
    name: 'map/per CPU',
    weight: 2,
    when: (b) => b.kind.helpers.has('map_lookup_percpu_elem'),
    write: percpuLookup,
  },
];
