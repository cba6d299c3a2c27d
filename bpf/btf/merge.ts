/**
 * Joins tables into one in which every type is once: what linking objects and making small tables need. Types are equal
 * when all that they reach is, structs that refer to themselves included (libbpf `btf__dedup`).
 */
import { FormatError } from '../format-error.ts';
import type { Btf } from './btf.ts';
import { partition } from './partition.ts';
import { readBtf } from './read.ts';
import { mapReferences } from './references.ts';
import { StringSectionBuilder } from './string-section-builder.ts';
import type { BtfType, TypeId } from './type.ts';
import { graphOfTables, type TablesGraph } from './type-graph.ts';
import { writeBtf } from './write.ts';

export interface MergeInput {
  readonly btf: Btf;
  /** Types to take with all that they refer to, and the tags of their declarations; all types unless told. */
  readonly roots?: Iterable<TypeId>;
}

export interface MergeBtfOptions {
  /** That of the first table unless told. */
  readonly littleEndian?: boolean;
  /** A forward declaration becomes the one definition of its name, as C means it. True unless told. */
  readonly resolveForwards?: boolean;
}

export interface MergedBtf {
  readonly btf: Btf;
  /** What a type of an input has become; undefined when it was not taken. */
  idOf(input: number, id: TypeId): TypeId | undefined;
}

/** Types stay in the order of the inputs; of equal ones the first is taken. The outcome has no base. */
export function mergeBtf(inputs: readonly MergeInput[], options: MergeBtfOptions = {}): MergedBtf {
  if (options.resolveForwards === false) return merge(inputs, options);
  try {
    return merge(inputs, options);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    // No C has a member that is only declared. Where one is, its definition may put a struct into itself.
    return merge(inputs, { ...options, resolveForwards: false });
  }
}

function merge(inputs: readonly MergeInput[], options: MergeBtfOptions): MergedBtf {
  const { littleEndian = inputs[0]?.btf.littleEndian ?? true, resolveForwards = true } = options;
  const tables = inputs.map(({ btf }) => btf);
  const graph = graphOfTables(tables, { resolveForwards });
  const classes = partition(graph);
  const chosen = chooseNodes(graph, classes);
  const taken = takenNodes(graph, inputs, (node) => chosen[classes[node]!]!);
  const ids = new Uint32Array(graph.count);
  let next = 1;
  for (let node = 1; node < graph.count; node++) if (taken[node] === 1) ids[node] = next++;
  const idOfNode = (node: number): TypeId => ids[chosen[classes[node]!]!]!;
  const types: BtfType[] = [];
  for (const { table, id, node } of nodesOf(graph)) {
    if (taken[node] === 0) continue;
    types.push(mapReferences(table.type(id), (target) => idOfNode(graph.nodeOf(table, target))));
  }
  const pointerSize = tables[0]?.pointerSize;
  return {
    btf: readBtf(writeBtf(types, new StringSectionBuilder(), littleEndian), {
      ...(pointerSize === undefined ? {} : { pointerSize }),
    }),
    idOf: (input, id) => {
      if (id === 0) return 0;
      const newId = idOfNode(graph.nodeOf(tables[input]!, id));
      return newId === 0 ? undefined : newId;
    },
  };
}

/** A table without what it has twice. */
export function deduplicateBtf(btf: Btf): MergedBtf {
  return mergeBtf([{ btf }]);
}

interface NodeOrigin {
  readonly table: Btf;
  readonly id: TypeId;
  readonly node: number;
}

function* nodesOf(graph: TablesGraph): Generator<NodeOrigin> {
  let node = 1;
  for (const table of graph.tables) {
    for (let id = table.firstId; id < table.end; id++) yield { table, id, node: node++ };
  }
}

/** Which node stands for each class: its first, or the first definition where declarations are in it too. */
function chooseNodes(graph: TablesGraph, classes: Uint32Array): Uint32Array {
  const chosen = new Uint32Array(classes.reduce((most, one) => Math.max(most, one), 0) + 1);
  const declared = new Set(graph.forwards.flatMap(({ declarations }) => declarations));
  for (let node = graph.count - 1; node >= 0; node--) if (declared.has(node)) chosen[classes[node]!] = node;
  for (let node = graph.count - 1; node >= 0; node--) if (!declared.has(node)) chosen[classes[node]!] = node;
  return chosen;
}

/** 1 for each chosen node that the roots reach. */
function takenNodes(
  graph: TablesGraph,
  inputs: readonly MergeInput[],
  chosenOf: (node: number) => number,
): Uint8Array {
  const taken = new Uint8Array(graph.count);
  const waiting: number[] = [];
  const take = (node: number): void => {
    const chosen = chosenOf(node);
    if (chosen === 0 || taken[chosen] === 1) return;
    taken[chosen] = 1;
    waiting.push(chosen);
  };
  const follow = (): void => {
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      for (let at = graph.starts[node]!; at < graph.starts[node + 1]!; at++) take(graph.targets[at]!);
    }
  };
  for (const { btf, roots } of inputs) {
    for (const id of roots ?? idsOf(btf)) take(graph.nodeOf(btf, id));
  }
  follow();
  for (const { table, id, node } of nodesOf(graph)) {
    if (table.kindOf(id) !== 'decl_tag' || taken[node] === 1) continue;
    if (taken[chosenOf(graph.targets[graph.starts[node]!]!)] === 1) take(node);
  }
  return taken;
}

/** A whole table, base and all. */
function* idsOf(btf: Btf): Generator<TypeId> {
  for (let id = 1; id < btf.end; id++) yield id;
}
