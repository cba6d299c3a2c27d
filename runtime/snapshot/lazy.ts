/** Values that are made when they are first asked for. */

export function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A map whose keys are known and whose values are made one by one. */
export class LazyMap<Value> implements ReadonlyMap<string, Value> {
  readonly #makers: ReadonlyMap<string, () => Value>;

  constructor(makers: Iterable<readonly [string, () => Value]>) {
    this.#makers = new Map([...makers].map(([key, make]) => [key, lazy(make)]));
  }

  get size(): number {
    return this.#makers.size;
  }

  get(key: string): Value | undefined {
    return this.#makers.get(key)?.();
  }

  has(key: string): boolean {
    return this.#makers.has(key);
  }

  forEach(visit: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  keys(): MapIterator<string> {
    return this.#makers.keys();
  }

  *values(): MapIterator<Value> {
    for (const make of this.#makers.values()) yield make();
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [key, make] of this.#makers) yield [key, make()];
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}
