/**
 * Red-black trees of nodes in memory, as the kernel lays them out (`struct rb_node`, `struct rb_root_cached`):
 *
 *     node: | parent, lowest bit 1: black | right | left |      root: | node | leftmost node |      8 bytes each
 */
import { KERNEL_TAG, type LinearAddress } from './address.ts';
import type { Memory } from './memory.ts';

const PARENT = 0;
const RIGHT = 8;
const LEFT = 16;
const ROOT = 0;
const LEFTMOST = 8;
const BLACK = 1;

type Side = typeof LEFT | typeof RIGHT;

export class RbTree {
  readonly #memory: Memory;
  readonly #i32: Int32Array;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#i32 = memory.i32;
  }

  root(tree: LinearAddress): LinearAddress {
    return this.#get(tree, ROOT);
  }

  first(tree: LinearAddress): LinearAddress {
    return this.#get(tree, LEFTMOST);
  }

  left(node: LinearAddress): LinearAddress {
    return this.#get(node, LEFT);
  }

  right(node: LinearAddress): LinearAddress {
    return this.#get(node, RIGHT);
  }

  /** Adds a node before the first that `isLess` says it is less than. */
  add(tree: LinearAddress, node: LinearAddress, isLess: (other: LinearAddress) => boolean): void {
    let parent = 0;
    let side: Side = LEFT;
    let isLeftmost = true;
    for (let at = this.root(tree); at !== 0; at = this.#get(at, side)) {
      parent = at;
      side = isLess(at) ? LEFT : RIGHT;
      if (side === RIGHT) isLeftmost = false;
    }
    this.#set(node, LEFT, 0);
    this.#set(node, RIGHT, 0);
    this.#setParent(node, parent, false);
    if (parent === 0) this.#set(tree, ROOT, node);
    else this.#set(parent, side, node);
    if (isLeftmost) this.#set(tree, LEFTMOST, node);
    this.#mendAdded(tree, node);
  }

  remove(tree: LinearAddress, node: LinearAddress): void {
    if (this.first(tree) === node) this.#set(tree, LEFTMOST, this.#next(node));
    const left = this.left(node);
    const right = this.right(node);
    if (left !== 0 && right !== 0) {
      this.#removeInner(tree, node);
      return;
    }
    const child = left !== 0 ? left : right;
    const parent = this.#parent(node);
    const wasBlack = this.#isBlack(node);
    this.#replace(tree, node, child);
    if (wasBlack) this.#mendRemoved(tree, child, parent);
  }

  /** A node with two children gives its place to the next one. */
  #removeInner(tree: LinearAddress, node: LinearAddress): void {
    const next = this.#next(node);
    const child = this.right(next);
    const wasBlack = this.#isBlack(next);
    let parent = this.#parent(next);
    if (parent === node) parent = next;
    else {
      this.#replace(tree, next, child);
      this.#adopt(next, RIGHT, this.right(node));
    }
    const isBlack = this.#isBlack(node);
    this.#replace(tree, node, next);
    this.#adopt(next, LEFT, this.left(node));
    this.#color(next, isBlack);
    if (wasBlack) this.#mendRemoved(tree, child, parent);
  }

  /** The node after one that has a right child, or that is the leftmost. */
  #next(node: LinearAddress): LinearAddress {
    let at = this.right(node);
    if (at === 0) return this.#parent(node);
    while (this.left(at) !== 0) at = this.left(at);
    return at;
  }

  #mendAdded(tree: LinearAddress, added: LinearAddress): void {
    let node = added;
    for (
      let parent = this.#parent(node);
      parent !== 0 && !this.#isBlack(parent);
      parent = this.#parent(node)
    ) {
      const above = this.#parent(parent);
      const side: Side = this.left(above) === parent ? LEFT : RIGHT;
      const other: Side = side === LEFT ? RIGHT : LEFT;
      const uncle = this.#get(above, other);
      if (uncle !== 0 && !this.#isBlack(uncle)) {
        this.#color(parent, true);
        this.#color(uncle, true);
        this.#color(above, false);
        node = above;
        continue;
      }
      let top = parent;
      if (this.#get(parent, other) === node) {
        this.#rotate(tree, parent, side);
        top = node;
      }
      this.#color(top, true);
      this.#color(above, false);
      this.#rotate(tree, above, other);
      break;
    }
    this.#color(this.root(tree), true);
  }

  /** `start`, which may be none, is one black node short. */
  #mendRemoved(tree: LinearAddress, start: LinearAddress, startParent: LinearAddress): void {
    let node = start;
    let parent = startParent;
    while (parent !== 0 && this.#isBlack(node)) {
      const side: Side = this.left(parent) === node ? LEFT : RIGHT;
      const other: Side = side === LEFT ? RIGHT : LEFT;
      let sibling = this.#get(parent, other);
      if (!this.#isBlack(sibling)) {
        this.#color(sibling, true);
        this.#color(parent, false);
        this.#rotate(tree, parent, side);
        sibling = this.#get(parent, other);
      }
      if (this.#isBlack(this.#get(sibling, other))) {
        if (this.#isBlack(this.#get(sibling, side))) {
          this.#color(sibling, false);
          node = parent;
          parent = this.#parent(node);
          continue;
        }
        this.#color(this.#get(sibling, side), true);
        this.#color(sibling, false);
        this.#rotate(tree, sibling, other);
        sibling = this.#get(parent, other);
      }
      this.#color(sibling, this.#isBlack(parent));
      this.#color(parent, true);
      this.#color(this.#get(sibling, other), true);
      this.#rotate(tree, parent, side);
      node = this.root(tree);
      break;
    }
    if (node !== 0) this.#color(node, true);
  }

  /** The child on the other side comes up, `node` goes down to `side`. */
  #rotate(tree: LinearAddress, node: LinearAddress, side: Side): void {
    const other: Side = side === LEFT ? RIGHT : LEFT;
    const up = this.#get(node, other);
    const inner = this.#get(up, side);
    this.#replace(tree, node, up);
    this.#adopt(node, other, inner);
    this.#adopt(up, side, node);
  }

  /** `child`, or nothing, takes the node's place below its parent. */
  #replace(tree: LinearAddress, node: LinearAddress, child: LinearAddress): void {
    const parent = this.#parent(node);
    if (parent === 0) this.#set(tree, ROOT, child);
    else this.#set(parent, this.left(parent) === node ? LEFT : RIGHT, child);
    if (child !== 0) this.#setParent(child, parent, this.#isBlack(child));
  }

  #adopt(parent: LinearAddress, side: Side, child: LinearAddress): void {
    this.#set(parent, side, child);
    if (child !== 0) this.#setParent(child, parent, this.#isBlack(child));
  }

  #get(at: LinearAddress, field: number): LinearAddress {
    return this.#i32[(at + field) >> 2]!;
  }

  #set(at: LinearAddress, field: number, node: LinearAddress): void {
    this.#memory.writePointer(at + field, node);
  }

  #parent(node: LinearAddress): LinearAddress {
    return this.#get(node, PARENT) & ~BLACK;
  }

  /** What is not there is black. */
  #isBlack(node: LinearAddress): boolean {
    return node === 0 || (this.#get(node, PARENT) & BLACK) !== 0;
  }

  #color(node: LinearAddress, black: boolean): void {
    this.#setParent(node, this.#parent(node), black);
  }

  #setParent(node: LinearAddress, parent: LinearAddress, black: boolean): void {
    const word = parent | (black ? BLACK : 0);
    this.#memory.writePair(node + PARENT, word, parent === 0 ? 0 : KERNEL_TAG);
  }
}
