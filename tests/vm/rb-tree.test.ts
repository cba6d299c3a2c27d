/** Trees of nodes in memory stay in order and balanced, whatever is added and removed. */
import { expect, test } from 'vitest';
import { Memory } from '../../vm/memory.ts';
import { RbTree } from '../../vm/rb-tree.ts';
import { seededRandom } from '../fuzz/bytes.ts';

const NODE = 40;
const VALUE = 32;

class Planted {
  readonly memory = new Memory(1 << 20);
  readonly tree = new RbTree(this.memory);
  readonly root = this.memory.allocate(16, 'root');
  readonly nodes: number[] = [];

  add(value: number): void {
    const node = this.memory.allocate(NODE, 'node');
    this.memory.writePair(node + VALUE, value, 0);
    this.tree.add(this.root, node, (other) => value < this.value(other));
    this.nodes.push(node);
  }

  remove(index: number): void {
    const [node] = this.nodes.splice(index, 1);
    this.tree.remove(this.root, node!);
  }

  value(node: number): number {
    return this.memory.readLow(node + VALUE);
  }

  /** Values in order; throws where the rules of the colors are broken. */
  values(): readonly number[] {
    const values: number[] = [];
    const walk = (node: number, parent: number): number => {
      if (node === 0) return 1;
      const word = this.memory.readLow(node);
      const isBlack = (word & 1) === 1;
      expect(word & ~1).toBe(parent);
      if (!isBlack) expect(this.memory.readLow(parent) & 1, 'a red node has a black parent').toBe(1);
      const left = walk(this.tree.left(node), node);
      values.push(this.value(node));
      expect(walk(this.tree.right(node), node), 'as many black nodes on each path').toBe(left);
      return left + (isBlack ? 1 : 0);
    };
    const root = this.tree.root(this.root);
    if (root !== 0) expect(this.memory.readLow(root) & 1).toBe(1);
    walk(root, 0);
    const first = this.tree.first(this.root);
    expect(first === 0 ? undefined : this.value(first)).toBe(values[0]);
    return values;
  }
}

test.each([1, 2, 3])('seed %i', (seed) => {
  const random = seededRandom(seed);
  const planted = new Planted();
  for (let step = 0; step < 600; step++) {
    if (random() % 5 < 3 || planted.nodes.length === 0) planted.add(random() % 50);
    else planted.remove(random() % planted.nodes.length);
    const want = planted.nodes.map((node) => planted.value(node)).sort((a, b) => a - b);
    expect(planted.values()).toEqual(want);
  }
});
