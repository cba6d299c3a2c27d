/**
 * The map operations of one module that is being built, each made when it is first asked for:
 *
 *     const maps = new MapFunctions(module);
 *     const lookup = maps.get(map, 'lookup');            // undefined: call the helper
 *     … f.call(lookup, [f.get(key)]) …
 *     maps.define();                                     // after the module's other bodies
 *
 * The module imports the machine's memory.
 */
import type {
  FunctionBuilder,
  FunctionRef,
  FunctionType,
  Local,
  ModuleBuilder,
  Value,
} from '../../wasm/builder.ts';
import { ArrayMap } from '../array-map.ts';
import type { BpfMap } from '../map.ts';
import { ArrayCode } from './array-code.ts';
import { HashCode } from './hash-code.ts';
import { type BodyWriter, MapBody, type MapPart } from './map-body.ts';
import { isHashed, type MapCode, mapCode } from './map-code.ts';
import { type MapOperation, ownType, sharedType } from './operation.ts';
import { writeCommit } from './ring-code.ts';

const PART_TYPES: Readonly<Record<MapPart, FunctionType>> = {
  remove: { params: ['i32', 'i32'], result: undefined },
  touch: { params: ['i32'], result: undefined },
};

const COMMIT: FunctionType = { params: ['i32'], result: 'i32' };

/** Functions of one map, or of one shape. */
interface Owner {
  readonly code: MapCode;
  /** Known for maps, not for shapes. */
  readonly base: number | undefined;
  readonly functions: Map<MapOperation | MapPart, FunctionRef>;
}

interface Waiting {
  readonly fn: FunctionRef;
  readonly owner: Owner;
  readonly write: BodyWriter;
}

export class MapFunctions {
  readonly #module: ModuleBuilder;
  readonly #owners = new Map<BpfMap, Owner>();
  readonly #waiting: Waiting[] = [];
  readonly #commits = new Map<boolean, FunctionRef>();

  constructor(module: ModuleBuilder) {
    this.#module = module;
  }

  /** The function of an operation on this map; undefined where it exists in JavaScript only. */
  get(map: BpfMap, operation: MapOperation): FunctionRef | undefined {
    const known = this.#owners.get(map);
    const owner = known ?? { code: mapCode(map), base: map.layout.base, functions: new Map() };
    if (known === undefined) this.#owners.set(map, owner);
    return this.#operation(owner, operation);
  }

  /** As {@link get}, of all operations there are, and they take the map's header as their first argument. */
  shared(map: BpfMap): ReadonlyMap<MapOperation, FunctionRef> {
    const owner: Owner = { code: mapCode(map), base: undefined, functions: new Map() };
    const all = new Map<MapOperation, FunctionRef>();
    for (const name of Object.keys(owner.code.operations) as MapOperation[]) {
      all.set(name, this.#operation(owner, name)!);
    }
    return all;
  }

  /**
   * The value's address (0: none) of a lookup so short that it can stand where the call would; undefined where it is not.
   * Statements come before the value. `variable` gives i32 locals, with anything in them.
   */
  inlineLookup(f: FunctionBuilder, map: BpfMap, key: Local, variable?: () => Local): Value | undefined {
    const body = new MapBody(f, map.layout.base, noParts, variable);
    if (map instanceof ArrayMap) return new ArrayCode(map).lookup(body, key);
    if (!isHashed(map)) return undefined;
    const code = new HashCode(map);
    return code.isInline ? code.inlineLookup(body, key, this.get(map, 'lookup')!) : undefined;
  }

  /**
   * The function that submits or discards a ring buffer's record, (address) → 1, or 0 when none is reserved there: call
   * the helper then. Only for programs that a verifier has accepted.
   */
  commit(discard: boolean): FunctionRef {
    const known = this.#commits.get(discard);
    if (known !== undefined) return known;
    const fn = this.#module.declare(discard ? 'ring discard' : 'ring submit', COMMIT);
    this.#commits.set(discard, fn);
    return fn;
  }

  /** Writes the bodies of all functions asked for. */
  define(): void {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      const { fn, owner, write } = next;
      const f = this.#module.define(fn);
      write(new MapBody(f, owner.base, (part) => this.#part(owner, part)));
      f.finish();
    }
    for (const [discard, fn] of this.#commits) {
      const f = this.#module.define(fn);
      writeCommit(f, discard);
      f.finish();
    }
  }

  #operation(owner: Owner, name: MapOperation): FunctionRef | undefined {
    const write = owner.code.operations[name];
    if (write === undefined) return undefined;
    return this.#declare(owner, name, owner.base === undefined ? sharedType(name) : ownType(name), write);
  }

  #part(owner: Owner, name: MapPart): FunctionRef {
    const { params, result } = PART_TYPES[name];
    const type: FunctionType =
      owner.base === undefined ? { params: ['i32', ...params], result } : { params, result };
    return this.#declare(owner, name, type, owner.code.parts[name]!);
  }

  #declare(owner: Owner, name: MapOperation | MapPart, type: FunctionType, write: BodyWriter): FunctionRef {
    const known = owner.functions.get(name);
    if (known !== undefined) return known;
    const fn = this.#module.declare(`map ${name}`, type);
    owner.functions.set(name, fn);
    this.#waiting.push({ fn, owner, write });
    return fn;
  }
}

function noParts(): never {
  throw new Error('no part of an operation stands inline');
}
