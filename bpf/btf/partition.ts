/**
 * Which nodes of a graph of types are the same type: the coarsest partition in which equal nodes have equal shapes and
 * refer, place by place, to equal nodes. Structs that refer to themselves come out right because nodes count as equal
 * until something tells them apart. A forward declaration counts as the definition of its name while there is only one.
 *
 * Classes are split round by round; only nodes that refer to one that moved are looked at again, and the largest part
 * keeps its class, which bounds all work to references times log nodes.
 */
export interface TypeGraph {
  readonly count: number;
  /** Number of each node's shape, from 0 without gaps. */
  readonly shapes: Uint32Array;
  readonly shapeCount: number;
  /** References of node n: `targets` from `starts[n]` to `starts[n + 1]`. Equal shapes have equally many. */
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  readonly forwards: readonly ForwardGroup[];
}

/** Declarations of one name, all of one shape, and its definitions: at least one of each. */
export interface ForwardGroup {
  readonly declarations: readonly number[];
  readonly definitions: readonly number[];
}

/** The class of each node. */
export function partition(graph: TypeGraph): Uint32Array {
  const refinement = new Refinement(graph);
  for (let more = true; more; ) more = refinement.round();
  return refinement.classes;
}

/** A part of a class that becomes a class of its own. */
type Part = readonly number[];

class Refinement {
  readonly classes: Uint32Array;
  readonly #graph: TypeGraph;
  readonly #referrers: Referrers;
  /** Nodes ordered by class; declarations are not among them. */
  readonly #order: Uint32Array;
  readonly #position: Uint32Array;
  /** A class's nodes: `order` from `begin` to `end`. */
  readonly #begin: number[] = [];
  readonly #end: number[] = [];
  /** Declarations that count as a class's definition, while it stays whole. */
  readonly #joined: Map<number, readonly number[]> = new Map();
  readonly #isDirty: Uint8Array;
  #dirty: number[] = [];

  constructor(graph: TypeGraph) {
    this.#graph = graph;
    this.classes = graph.shapes.slice();
    this.#referrers = new Referrers(graph);
    this.#isDirty = new Uint8Array(graph.count);
    const declared = new Set(graph.forwards.flatMap(({ declarations }) => declarations));
    this.#order = new Uint32Array(graph.count - declared.size);
    this.#position = new Uint32Array(graph.count);
    this.#sortByShape(declared);
    for (const group of graph.forwards) this.#join(group);
    for (const node of this.#order) if (graph.starts[node] !== graph.starts[node + 1]) this.#touch(node);
  }

  /** Splits classes by what their nodes refer to now; false when none had to be. */
  round(): boolean {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const node of dirty) this.#isDirty[node] = 0;
    // All parts are found before any moves, so that all signatures are of one time.
    const splits = [...this.#byClass(dirty)].map(([of, nodes]) => ({ of, parts: this.#partsOf(of, nodes) }));
    for (const { of, parts } of splits) {
      if (parts.length === 0) continue;
      for (const part of parts) this.#move(part, of);
      this.#detach(of);
    }
    return this.#dirty.length > 0;
  }

  #sortByShape(declared: ReadonlySet<number>): void {
    const { count, shapes, shapeCount } = this.#graph;
    const sizes = new Uint32Array(shapeCount);
    for (let node = 0; node < count; node++) if (!declared.has(node)) sizes[shapes[node]!]!++;
    let at = 0;
    for (const size of sizes) {
      this.#begin.push(at);
      this.#end.push(at);
      at += size;
    }
    for (let node = 0; node < count; node++) {
      if (!declared.has(node)) this.#place(node, this.#end[shapes[node]!]!++);
    }
  }

  #place(node: number, position: number): void {
    this.#order[position] = node;
    this.#position[node] = position;
  }

  #join({ declarations, definitions }: ForwardGroup): void {
    const of = this.classes[definitions[0]!]!;
    if (definitions.some((node) => this.classes[node] !== of)) return;
    for (const node of declarations) this.classes[node] = of;
    this.#joined.set(of, declarations);
  }

  /** To be looked at in the next round, unless it is alone in its class. */
  #touch(node: number): void {
    const of = this.classes[node]!;
    if (this.#isDirty[node] === 1 || this.#end[of]! - this.#begin[of]! < 2) return;
    this.#isDirty[node] = 1;
    this.#dirty.push(node);
  }

  /** Moves the dirty nodes of each class to its front. */
  #byClass(dirty: readonly number[]): ReadonlyMap<number, number[]> {
    const groups = new Map<number, number[]>();
    for (const node of dirty) {
      const of = this.classes[node]!;
      let group = groups.get(of);
      if (group === undefined) {
        group = [];
        groups.set(of, group);
      }
      this.#swap(node, this.#begin[of]! + group.length);
      group.push(node);
    }
    return groups;
  }

  #swap(node: number, position: number): void {
    const other = this.#order[position]!;
    this.#place(other, this.#position[node]!);
    this.#place(node, position);
  }

  /** All parts but the largest. `dirty` are in front; the nodes behind them still refer to the same classes. */
  #partsOf(of: number, dirty: readonly number[]): readonly Part[] {
    const parts = new Map<string, number[]>();
    for (const node of dirty) {
      const signature = this.#signature(node);
      const part = parts.get(signature);
      if (part === undefined) parts.set(signature, [node]);
      else part.push(node);
    }
    const clean = this.#order.subarray(this.#begin[of]! + dirty.length, this.#end[of]);
    if (clean.length === 0) return allButLargest([...parts.values()]);
    const signature = this.#signature(clean[0]!);
    const alike = parts.get(signature) ?? [];
    parts.delete(signature);
    const others = [...parts.values()];
    // Whoever is not moved is not looked at: there may be many.
    if (others.every((part) => part.length <= clean.length + alike.length)) return others;
    return allButLargest([...others, [...alike, ...clean]]);
  }

  #signature(node: number): string {
    const { starts, targets } = this.#graph;
    let text = '';
    for (let index = starts[node]!; index < starts[node + 1]!; index++) {
      text += `${this.classes[targets[index]!]} `;
    }
    return text;
  }

  #move(part: Part, from: number): void {
    const end = this.#end[from]!;
    const of = this.#newClass(end - part.length, end);
    this.#end[from] = end - part.length;
    for (const [index, node] of part.entries()) {
      this.#swap(node, end - 1 - index);
      this.classes[node] = of;
    }
    for (const node of part) this.#touchReferrers(node);
  }

  /** Two definitions: nobody knows which one a declaration means. */
  #detach(of: number): void {
    const declarations = this.#joined.get(of);
    if (declarations === undefined) return;
    this.#joined.delete(of);
    const own = this.#newClass(0, 0);
    for (const node of declarations) this.classes[node] = own;
    for (const node of declarations) this.#touchReferrers(node);
  }

  #newClass(begin: number, end: number): number {
    this.#begin.push(begin);
    this.#end.push(end);
    return this.#begin.length - 1;
  }

  #touchReferrers(node: number): void {
    for (const referrer of this.#referrers.of(node)) this.#touch(referrer);
  }
}

function allButLargest(parts: readonly Part[]): readonly Part[] {
  const largest = parts.reduce((most, part) => (part.length > most.length ? part : most));
  return parts.filter((part) => part !== largest);
}

/** The graph the other way around. */
class Referrers {
  readonly #starts: Uint32Array;
  readonly #sources: Uint32Array;

  constructor({ count, starts, targets }: TypeGraph) {
    this.#starts = new Uint32Array(count + 2);
    this.#sources = new Uint32Array(targets.length);
    // Two places ahead, so that filling leaves each start where it belongs.
    for (const target of targets) this.#starts[target + 2]!++;
    for (let node = 2; node < count + 2; node++) this.#starts[node]! += this.#starts[node - 1]!;
    for (let node = 0; node < count; node++) {
      for (let index = starts[node]!; index < starts[node + 1]!; index++) {
        this.#sources[this.#starts[targets[index]! + 1]!++] = node;
      }
    }
  }

  of(node: number): Uint32Array {
    return this.#sources.subarray(this.#starts[node], this.#starts[node + 1]);
  }
}
