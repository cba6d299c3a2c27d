/** What the maps and variables of an object hold, for objects without a script that says what they mean. */
import type { MapDefinition } from '../bpf/maps.ts';
import type { BpfObject } from '../bpf/object.ts';
import type { Type } from '../compiler/types/type.ts';
import type { LoadedObject, MapHandle } from './kernel.ts';
import { typeOfBtf } from './output/btf-value.ts';
import { viewMap } from './output/map-view.ts';
import type { OutputSink } from './output/sink.ts';

/** Types whose entries are plain keys and values. */
const SHOWN: ReadonlySet<string> = new Set([
  'hash',
  'percpu_hash',
  'lru_hash',
  'lru_percpu_hash',
  'array',
  'percpu_array',
]);

/** Entries of a map, or the variables of a section of data. Elements of arrays that are zero are left out. */
export function printMap(
  map: MapDefinition,
  loaded: LoadedObject,
  object: BpfObject,
  sink: OutputSink,
): void {
  if (!SHOWN.has(map.type) || map.name.startsWith('.rodata') || map.name === '.kconfig') return;
  if (map.name.startsWith('.')) {
    printVariables(map, loaded, object, sink);
    return;
  }
  const handle = loaded.map(map.name);
  const isArray = map.type === 'array' || map.type === 'percpu_array';
  const value = typeOfBtf(object.btf, map.btf?.value ?? 0, map.valueSize);
  const view = viewMap(
    {
      name: map.name,
      key: typeOfBtf(object.btf, map.btf?.key ?? 0, map.keySize),
      keySize: map.keySize,
      value: handle.copies === 1 ? value : copiesOf(value, handle.copies),
      perCpu: handle.copies > 1,
      declaredAt: { source: 0, start: 0, end: 0 },
    },
    isArray ? withoutZeros(handle) : handle,
  );
  if (view.rows.length > 0) sink.map(view);
}

function copiesOf(element: Type, count: number): Type {
  return { kind: 'array', size: element.size * count, element, count };
}

function withoutZeros(handle: MapHandle): MapHandle {
  const { name, keySize, valueSize, copies } = handle;
  return {
    name,
    keySize,
    valueSize,
    copies,
    lookup: (key) => handle.lookup(key),
    update: (key, value, flags) => handle.update(key, value, flags),
    delete: (key) => handle.delete(key),
    entries: () => nonZero(handle.entries()),
  };
}

function* nonZero<Entry extends { readonly value: Uint8Array }>(entries: Iterable<Entry>): Generator<Entry> {
  for (const entry of entries) if (entry.value.some((byte) => byte !== 0)) yield entry;
}

function printVariables(
  map: MapDefinition,
  loaded: LoadedObject,
  { btf }: BpfObject,
  sink: OutputSink,
): void {
  const section = btf !== undefined && map.btf !== undefined ? btf.type(map.btf.value) : undefined;
  const bytes = loaded.map(map.name).lookup(new Uint8Array(4));
  if (section?.kind !== 'datasec' || bytes === undefined) return;
  for (const { type: id, offset, size } of section.variables) {
    const variable = btf!.type(id);
    if (variable.kind !== 'var' || offset + size > bytes.length) continue;
    const type = typeOfBtf(btf, variable.type, size);
    const value = { kind: 'cell', cell: { type, bytes, offset } } as const;
    sink.map({ name: variable.name, keyed: false, valueType: type, rows: [{ value }] });
  }
}
