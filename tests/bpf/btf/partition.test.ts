import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ForwardGroup, partition, type TypeGraph } from '../../../bpf/btf/partition.ts';

/** A node: its shape and what it refers to; shapes refer to 0, 1, 2 or 3 nodes. Shapes 4 and 5 are declared by 6 and 7. */
interface Node {
  readonly shape: number;
  readonly targets: readonly number[];
}

const ARITY = [0, 1, 2, 3, 1, 2, 0, 0];

function graphOf(nodes: readonly Node[]): TypeGraph {
  const starts = [0];
  for (const { shape } of nodes) starts.push(starts.at(-1)! + ARITY[shape]!);
  const targets = nodes.flatMap(({ shape, targets: all }) =>
    all.slice(0, ARITY[shape]).map((target) => target % nodes.length),
  );
  const ofShape = (shape: number): number[] =>
    nodes.flatMap((node, index) => (node.shape === shape ? [index] : []));
  const forwards = [4, 5].map((shape) => ({ definitions: ofShape(shape), declarations: ofShape(shape + 2) }));
  return {
    count: nodes.length,
    shapes: Uint32Array.from(nodes, ({ shape }) => shape),
    shapeCount: ARITY.length,
    starts: Uint32Array.from(starts),
    targets: Uint32Array.from(targets),
    forwards: forwards.filter((group) => group.definitions.length > 0 && group.declarations.length > 0),
  };
}

/** The plain way: all classes again from all signatures, until there are no more of them. */
function plainPartition(graph: TypeGraph): number[] {
  let classes = joined([...graph.shapes], graph.forwards);
  for (;;) {
    const signatures = classes.map((own, node) => {
      const targets = graph.targets.subarray(graph.starts[node], graph.starts[node + 1]);
      return `${own}:${[...targets].map((target) => classes[target]).join()}`;
    });
    for (const { declarations, definitions } of graph.forwards) {
      for (const node of declarations) {
        // A declaration refers to nothing: while it counts as a definition, it goes where that goes.
        const isJoined = classes[node] === classes[definitions[0]!];
        if (isJoined) signatures[node] = signatures[definitions[0]!]!;
      }
    }
    const next = joined(numbered(signatures), graph.forwards);
    if (new Set(next).size === new Set(classes).size) return next;
    classes = next;
  }
}

function joined(classes: number[], forwards: readonly ForwardGroup[]): number[] {
  for (const [index, { declarations, definitions }] of forwards.entries()) {
    const found = new Set(definitions.map((node) => classes[node]!));
    for (const node of declarations) classes[node] = found.size === 1 ? [...found][0]! : -1 - index;
  }
  return classes;
}

function numbered<T>(values: Iterable<T>): number[] {
  const numbers = new Map<T, number>();
  return Array.from(values, (value) => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  });
}

const anyNodes = (most: number, shapes: readonly number[]): fc.Arbitrary<Node[]> =>
  fc.array(
    fc.record({
      shape: fc.constantFrom(...shapes),
      targets: fc.array(fc.nat({ max: most * 2 }), { minLength: 3, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: most },
  );

describe('partition', () => {
  it.each<[string, readonly number[], number]>([
    ['of all shapes', [0, 1, 2, 3, 4, 5, 6, 7], 12],
    ['of chains and rings', [1, 1, 1, 0], 30],
    ['with declarations', [1, 4, 4, 6, 5, 7], 10],
    ['large', [0, 1, 2, 3, 4, 6], 200],
  ])('is what the plain way finds, %s', (_, shapes, most) => {
    fc.assert(
      fc.property(anyNodes(most, shapes), (nodes) => {
        const graph = graphOf(nodes);
        expect(numbered(partition(graph))).toEqual(numbered(plainPartition(graph)));
      }),
      { numRuns: 400 },
    );
  });
});
