/**
 * Lists and trees of objects (kernel/bpf/helpers.c):
 *
 *     list head: | next | previous |      list node: | next | previous | owner |
 *     tree root: | node | leftmost |      tree node: | parent and color | right | left | owner |      8 bytes each
 */
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { EINVAL } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import { memoryArgument, setPointer } from '../helpers/arguments.ts';
import type { Machine } from '../machine.ts';
import { RbTree } from '../rb-tree.ts';
import type { KfuncEntry } from './entry.ts';
import type { Objects } from './objects.ts';

const HEAD_SIZE = 16;
const LIST_NODE_SIZE = 24;
const TREE_NODE_SIZE = 32;
const NEXT = 0;
const PREVIOUS = 8;
const LIST_OWNER = 16;
const TREE_OWNER = 24;

type End = typeof NEXT | typeof PREVIOUS;

export function listKfuncs(machine: Machine, objects: Objects): readonly KfuncEntry[] {
  const { memory } = machine;
  const head = (r: Int32Array): LinearAddress => {
    const at = memoryArgument(machine, r, 1, HEAD_SIZE, true);
    // A map's zeros are an empty list.
    if (memory.readLow(at + NEXT) === 0) {
      memory.writePointer(at + NEXT, at);
      memory.writePointer(at + PREVIOUS, at);
    }
    return at;
  };
  const push = (r: Int32Array, end: End): number => {
    const list = head(r);
    const node = memoryArgument(machine, r, 2, LIST_NODE_SIZE, true);
    if (memory.readLow(node + LIST_OWNER) !== 0) {
      objects.dropHolding(node);
      return EINVAL;
    }
    const back = opposite(end);
    const neighbour = memory.readLow(list + end);
    memory.writePointer(node + end, neighbour);
    memory.writePointer(node + back, list);
    memory.writePointer(neighbour + back, node);
    memory.writePointer(list + end, node);
    memory.writePointer(node + LIST_OWNER, list);
    return 0;
  };
  const peek = (r: Int32Array, end: End): LinearAddress => {
    const list = head(r);
    const node = memory.readLow(list + end);
    return node === list ? 0 : node;
  };
  const pop = (r: Int32Array, end: End): LinearAddress => {
    const node = peek(r, end);
    if (node === 0) return 0;
    const back = opposite(end);
    const list = memory.readLow(node + back);
    const next = memory.readLow(node + end);
    memory.writePointer(list + end, next);
    memory.writePointer(next + back, list);
    memory.writePointer(node + NEXT, node);
    memory.writePointer(node + PREVIOUS, node);
    memory.writePair(node + LIST_OWNER, 0, 0);
    return node;
  };
  return [
    ['bpf_list_push_front_impl', (r) => setResult(r, push(r, NEXT))],
    ['bpf_list_push_back_impl', (r) => setResult(r, push(r, PREVIOUS))],
    ['bpf_list_pop_front', (r) => setPointer(r, pop(r, NEXT))],
    ['bpf_list_pop_back', (r) => setPointer(r, pop(r, PREVIOUS))],
    ['bpf_list_front', (r) => setPointer(r, peek(r, NEXT))],
    ['bpf_list_back', (r) => setPointer(r, peek(r, PREVIOUS))],
  ];
}

function opposite(end: End): End {
  return end === NEXT ? PREVIOUS : NEXT;
}

export function treeKfuncs(machine: Machine, objects: Objects): readonly KfuncEntry[] {
  const { memory } = machine;
  const tree = new RbTree(memory);
  const root = (r: Int32Array): LinearAddress => memoryArgument(machine, r, 1, HEAD_SIZE, true);
  const node = (r: Int32Array, n: number): LinearAddress =>
    memoryArgument(machine, r, n, TREE_NODE_SIZE, true);
  const add = (r: Int32Array): number => {
    const [owner, added] = [root(r), node(r, 2)];
    const [low, high] = [r[6]!, r[7]!];
    if (memory.readLow(added + TREE_OWNER) !== 0) {
      objects.dropHolding(added);
      return EINVAL;
    }
    tree.add(owner, added, (other) => {
      r.set([added, KERNEL_TAG, other, KERNEL_TAG], 2);
      machine.callback(low, high);
      return (r[0]! | r[1]!) !== 0;
    });
    memory.writePointer(added + TREE_OWNER, owner);
    return 0;
  };
  const remove = (r: Int32Array): LinearAddress => {
    const [owner, removed] = [root(r), node(r, 2)];
    if (memory.readLow(removed + TREE_OWNER) !== owner) return 0;
    tree.remove(owner, removed);
    memory.writePair(removed + TREE_OWNER, 0, 0);
    return removed;
  };
  /** A neighbour of a node, which must be of the tree. */
  const beside = (r: Int32Array, side: 'left' | 'right'): LinearAddress => {
    const [owner, at] = [root(r), node(r, 2)];
    return memory.readLow(at + TREE_OWNER) === owner ? tree[side](at) : 0;
  };
  return [
    ['bpf_rbtree_add_impl', (r) => setResult(r, add(r))],
    ['bpf_rbtree_remove', (r) => setPointer(r, remove(r))],
    ['bpf_rbtree_first', (r) => setPointer(r, tree.first(root(r)))],
    ['bpf_rbtree_root', (r) => setPointer(r, tree.root(root(r)))],
    ['bpf_rbtree_left', (r) => setPointer(r, beside(r, 'left'))],
    ['bpf_rbtree_right', (r) => setPointer(r, beside(r, 'right'))],
  ];
}
