/** Several tables as one graph of types, for finding which are the same. Node 0 is `void`. */
import type { Btf } from './btf.ts';
import type { ForwardGroup, TypeGraph } from './partition.ts';
import { typeReferences, typeShape } from './references.ts';
import type { BtfType, TypeId } from './type.ts';

/** A table and the node of its first type. */
interface Placed {
  readonly table: Btf;
  readonly first: number;
}

export interface TablesGraph extends TypeGraph {
  nodeOf(table: Btf, id: TypeId): number;
  readonly tables: readonly Btf[];
}

export interface TablesGraphOptions {
  /** Declarations count as the one definition of their name. */
  readonly resolveForwards: boolean;
}

/** Tables that several build on are in it once. */
export function graphOfTables(roots: readonly Btf[], { resolveForwards }: TablesGraphOptions): TablesGraph {
  const places = placeTables(roots);
  const nodeOf = (table: Btf, id: TypeId): number => {
    let owner = table;
    while (id < owner.firstId && owner.base !== undefined) owner = owner.base;
    return id === 0 ? 0 : places.get(owner)!.first + id - owner.firstId;
  };
  const ordered = [...places.values()];
  const last = ordered.at(-1);
  const count = last === undefined ? 1 : last.first + last.table.end - last.table.firstId;
  const shapes = new Uint32Array(count);
  const starts = new Uint32Array(count + 1);
  const targets: number[] = [];
  const numbers = new Map<string, number>([['void', 0]]);
  const names = new NamesOfGraph();
  for (const { table, first } of ordered) {
    for (let id = table.firstId; id < table.end; id++) {
      const node = first + id - table.firstId;
      const type = table.type(id);
      shapes[node] = numberOf(numbers, shapeOf(type, node));
      starts[node] = targets.length;
      for (const target of typeReferences(type)) targets.push(nodeOf(table, target));
      if (resolveForwards) names.add(type, node);
    }
  }
  starts[count] = targets.length;
  return {
    count,
    shapes,
    shapeCount: numbers.size,
    starts,
    targets: Uint32Array.from(targets),
    forwards: names.groups(),
    tables: ordered.map(({ table }) => table),
    nodeOf,
  };
}

function placeTables(roots: readonly Btf[]): ReadonlyMap<Btf, Placed> {
  const places = new Map<Btf, Placed>();
  let next = 1;
  const place = (table: Btf): void => {
    if (places.has(table)) return;
    if (table.base !== undefined) place(table.base);
    places.set(table, { table, first: next });
    next += table.end - table.firstId;
  };
  for (const root of roots) place(root);
  return places;
}

/** Variables and sections of data are what they are, not what they look like. */
function shapeOf(type: BtfType, node: number): string {
  return type.kind === 'var' || type.kind === 'datasec' ? `${type.kind}\0${node}` : typeShape(type);
}

function numberOf(numbers: Map<string, number>, shape: string): number {
  const known = numbers.get(shape);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(shape, number);
  return number;
}

/** Gathers declarations and definitions by name: `struct`, `union`, and enums without values. */
class NamesOfGraph {
  readonly #declarations: Map<string, number[]> = new Map();
  readonly #definitions: Map<string, number[]> = new Map();

  add(type: BtfType, node: number): void {
    switch (type.kind) {
      case 'fwd':
        this.#push(this.#declarations, `${type.of} ${type.name}`, node);
        return;
      case 'struct':
      case 'union':
        if (type.name !== '') this.#push(this.#definitions, `${type.kind} ${type.name}`, node);
        return;
      case 'enum':
      case 'enum64': {
        if (type.name === '') return;
        const isDeclaration = type.kind === 'enum' && type.values.length === 0;
        // Of size 0 or 4, whatever the definition's: libbpf compares the name alone (`btf_compat_enum`).
        this.#push(isDeclaration ? this.#declarations : this.#definitions, `enum ${type.name}`, node);
        return;
      }
      default:
        return;
    }
  }

  groups(): readonly ForwardGroup[] {
    return [...this.#declarations].flatMap(([key, declarations]) => {
      const definitions = this.#definitions.get(key);
      return definitions === undefined ? [] : [{ declarations, definitions }];
    });
  }

  #push(map: Map<string, number[]>, key: string, node: number): void {
    const nodes = map.get(key);
    if (nodes === undefined) map.set(key, [node]);
    else nodes.push(node);
  }
}
