/**
 * Immediate dominators (Lengauer, Tarjan: "A fast algorithm for finding dominators in a flowgraph", with path compression
 * and without balancing): O(edges log blocks) whatever the graph is, so that nobody's program takes minutes to load. No
 * recursion: graphs are deep.
 */

/** Vertices are numbers of a depth-first search, the root is 0. */
export interface SearchTree {
  readonly parent: Int32Array;
  /** Vertices that go on to one, itself reached: from `firsts[v]` up to `firsts[v + 1]`. */
  readonly firsts: Int32Array;
  readonly predecessors: Int32Array;
}

/** By vertex; the root has itself. */
export function immediateDominators(tree: SearchTree): Int32Array {
  const { parent, firsts, predecessors } = tree;
  const count = parent.length;
  const semi = Int32Array.from({ length: count }, (_, vertex) => vertex);
  const dominator = new Int32Array(count);
  const forest = new Forest(semi);
  // Vertices whose semidominator is one, as lists.
  const bucket = new Int32Array(count).fill(-1);
  const nextInBucket = new Int32Array(count).fill(-1);
  for (let vertex = count - 1; vertex > 0; vertex--) {
    for (let at = firsts[vertex]!; at < firsts[vertex + 1]!; at++) {
      const least = semi[forest.least(predecessors[at]!)]!;
      if (least < semi[vertex]!) semi[vertex] = least;
    }
    nextInBucket[vertex] = bucket[semi[vertex]!]!;
    bucket[semi[vertex]!] = vertex;
    const above = parent[vertex]!;
    forest.link(above, vertex);
    for (let one = bucket[above]!; one >= 0; one = nextInBucket[one]!) {
      const least = forest.least(one);
      dominator[one] = semi[least]! < semi[one]! ? least : above;
    }
    bucket[above] = -1;
  }
  for (let vertex = 1; vertex < count; vertex++) {
    if (dominator[vertex] !== semi[vertex]) dominator[vertex] = dominator[dominator[vertex]!]!;
  }
  return dominator;
}

/** Parts of the search tree that are done; ways up are shortened when they are gone. */
class Forest {
  readonly #semi: Int32Array;
  /** -1: a root. */
  readonly #ancestor: Int32Array;
  /** The vertex of the least semidominator on the shortened way. */
  readonly #label: Int32Array;
  readonly #way: number[] = [];

  constructor(semi: Int32Array) {
    this.#semi = semi;
    this.#ancestor = new Int32Array(semi.length).fill(-1);
    this.#label = semi.slice();
  }

  link(parent: number, vertex: number): void {
    this.#ancestor[vertex] = parent;
  }

  /** The vertex with the least semidominator from one up to below its root. */
  least(vertex: number): number {
    if (this.#ancestor[vertex] === -1) return vertex;
    this.#compress(vertex);
    return this.#label[vertex]!;
  }

  #compress(vertex: number): void {
    const ancestor = this.#ancestor;
    const label = this.#label;
    const way = this.#way;
    for (let at = vertex; ancestor[ancestor[at]!] !== -1; at = ancestor[at]!) way.push(at);
    for (let at = way.pop(); at !== undefined; at = way.pop()) {
      const above = ancestor[at]!;
      if (this.#semi[label[above]!]! < this.#semi[label[at]!]!) label[at] = label[above]!;
      ancestor[at] = ancestor[above]!;
    }
  }
}
