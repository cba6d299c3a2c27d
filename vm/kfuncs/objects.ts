/** Objects that programs allocate, and who refers to them (kernel/bpf/helpers.c). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { LinearAddress } from '../address.ts';
import { LARGEST_OBJECT } from '../heap.ts';
import { setResult, setResultPair } from '../helper-port.ts';
import { setPointer } from '../helpers/arguments.ts';
import type { Machine } from '../machine.ts';
import { ValueFields } from '../maps/value-fields.ts';
import { RbTree } from '../rb-tree.ts';
import { type KfuncEntry, pointerArgument } from './entry.ts';

/** Of `struct bpf_list_head` and `struct bpf_list_node`. */
const NEXT = 0;

/** Objects of the types of the program that runs. */
export class Objects {
  readonly #machine: Machine;
  /** By types, then by type. */
  readonly #fields = new WeakMap<Btf, Map<TypeId, ValueFields>>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** 0 when memory is used up, or the type is none. One reference to it exists. */
  create(type: TypeId, cpus: number): LinearAddress {
    const { heap, memory } = this.#machine;
    const size = this.#sizeOf(type);
    if (size === 0 || size > LARGEST_OBJECT) return 0;
    const object = heap.allocate(size, type, cpus);
    const references = object === 0 ? undefined : this.#referencesAt(object);
    if (references !== undefined) memory.i32[references >> 2] = 1;
    return object;
  }

  /** One more reference. */
  acquire(object: LinearAddress): LinearAddress {
    const at = this.#referencesAt(object);
    if (at === undefined) return 0;
    this.#machine.memory.i32[at >> 2]!++;
    return object;
  }

  /** `__bpf_obj_drop_impl`: gives back a reference; with the last the object goes, and all it owns. */
  drop(object: LinearAddress): void {
    const waiting = [object];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const at = this.#referencesAt(next);
      if (at !== undefined && --this.#machine.memory.i32[at >> 2]! > 0) continue;
      waiting.push(...this.#owned(next));
      this.#machine.heap.free(next);
    }
  }

  /** The object that holds a node, and with a reference less. */
  dropHolding(node: LinearAddress): void {
    const object = this.#machine.heap.holding(node);
    if (object !== 0) this.drop(object);
  }

  /** `bpf_obj_free_fields`: what the pointers, lists and trees in an object own. */
  #owned(object: LinearAddress): readonly LinearAddress[] {
    const { memory, heap } = this.#machine;
    const owned: LinearAddress[] = [];
    for (const { type, offset } of this.#fieldsOf(heap.typeOf(object)).fields) {
      const at = object + offset;
      if (type === 'kptr' || type === 'percpu_kptr') owned.push(memory.readLow(at));
      if (type === 'bpf_list_head') owned.push(...this.#listed(at));
      if (type === 'bpf_rb_root') owned.push(...this.#planted(at));
    }
    return owned.map((one) => heap.holding(one)).filter((one) => one !== 0);
  }

  #listed(head: LinearAddress): readonly LinearAddress[] {
    const { memory } = this.#machine;
    const nodes: LinearAddress[] = [];
    for (let at = memory.readLow(head + NEXT); at !== 0 && at !== head; at = memory.readLow(at + NEXT)) {
      nodes.push(at);
    }
    return nodes;
  }

  #planted(root: LinearAddress): readonly LinearAddress[] {
    const tree = new RbTree(this.#machine.memory);
    const nodes: LinearAddress[] = [];
    const waiting = [tree.root(root)];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node === 0) continue;
      nodes.push(node);
      waiting.push(tree.left(node), tree.right(node));
    }
    return nodes;
  }

  #referencesAt(object: LinearAddress): LinearAddress | undefined {
    const { fields } = this.#fieldsOf(this.#machine.heap.typeOf(object));
    const field = fields.find(({ type }) => type === 'bpf_refcount');
    return field && object + field.offset;
  }

  #fieldsOf(type: TypeId): ValueFields {
    const btf = this.#machine.runningObject?.btf;
    if (btf === undefined || type === 0) return ValueFields.NONE;
    const known = this.#fields.get(btf) ?? new Map<TypeId, ValueFields>();
    this.#fields.set(btf, known);
    const fields = known.get(type) ?? ValueFields.ofType(type, btf);
    known.set(type, fields);
    return fields;
  }

  #sizeOf(type: TypeId): number {
    const btf = this.#machine.runningObject?.btf;
    if (btf === undefined || type < btf.firstId || type >= btf.end) return 0;
    const found = btf.type(type);
    return found.kind === 'struct' ? found.size : 0;
  }
}

export function objectKfuncs(machine: Machine, objects: Objects): readonly KfuncEntry[] {
  const drop = (r: Int32Array): void => {
    const object = pointerArgument(r, 1);
    if (object !== 0) objects.drop(object);
    setResultPair(r, 0, 0);
  };
  return [
    ['bpf_obj_new_impl', (r) => setPointer(r, objects.create(r[2]!, 0))],
    ['bpf_percpu_obj_new_impl', (r) => setPointer(r, objects.create(r[2]!, machine.cpus))],
    ['bpf_obj_drop_impl', drop],
    ['bpf_percpu_obj_drop_impl', drop],
    ['bpf_refcount_acquire_impl', (r) => setPointer(r, objects.acquire(pointerArgument(r, 1)))],
    ['bpf_get_kmem_cache', (r) => setResult(r, 0)],
  ];
}
