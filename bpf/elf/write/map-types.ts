/**
 * Maps as the C declarations libbpf reads: an anonymous struct whose members say by their types what the map is, as
 * `__uint`, `__type` and `__array` of `bpf_helpers.h` make them.
 */
import type { BtfBuilder, MemberInput } from '../../btf/builder.ts';
import type { TypeId } from '../../btf/type.ts';
import { type MapDefinition, type MapSpec, mapType } from '../../maps.ts';

const POINTER_BITS = 64;
const LIBBPF_PIN_BY_NAME = 1;

export interface MapStruct {
  readonly type: TypeId;
  /** Bytes without static values. */
  readonly size: number;
  /** Bytes to the array of static values, when there is one. */
  readonly valuesOffset?: number;
}

/** Adds the struct of a map. `sizeOf` tells the bytes of key and value types. */
export function addMapStruct(
  builder: BtfBuilder,
  map: MapSpec & Pick<MapDefinition, 'pinning'>,
  sizeOf: (type: TypeId) => number | undefined,
): MapStruct {
  const members: MemberInput[] = [];
  const add = (name: string, type: TypeId): number =>
    members.push({ name, type, bitOffset: members.length * POINTER_BITS });
  const number = (name: string, value: number): void => {
    if (value !== 0) add(name, uint(builder, value));
  };
  const typed = (name: 'key' | 'value', size: number, type: TypeId): void => {
    if (type !== 0 && sizeOf(type) === size) add(name, builder.addPointer(type));
    else number(`${name}_size`, size);
  };

  const hasValues = map.inner !== undefined || map.type === 'prog_array';
  number('type', mapType(map.type).id);
  typed('key', map.keySize, map.btf?.key ?? 0);
  typed('value', map.valueSize, map.btf?.value ?? 0);
  number('max_entries', map.maxEntries);
  number('map_flags', map.flags);
  number('numa_node', map.numaNode ?? 0);
  if (map.mapExtra !== undefined && map.mapExtra !== 0n) {
    add(
      'map_extra',
      map.mapExtra < 1n << 32n ? uint(builder, Number(map.mapExtra)) : ulong(builder, map.mapExtra),
    );
  }
  if (map.pinning === 'by-name') number('pinning', LIBBPF_PIN_BY_NAME);
  const size = members.length * 8;
  if (!hasValues) return { type: builder.addStruct('', size, members), size };
  add(
    'values',
    builder.addArray(builder.addPointer(valueTarget(builder, map, sizeOf)), indexType(builder), 0),
  );
  return { type: builder.addStruct('', size, members), size, valuesOffset: size };
}

/** `int (*name)[value]` */
function uint(builder: BtfBuilder, value: number): TypeId {
  return builder.addPointer(builder.addArray(intType(builder), indexType(builder), value));
}

/** `enum { value } name` */
function ulong(builder: BtfBuilder, value: bigint): TypeId {
  return builder.addEnum('', [{ name: `__unique_value_${value.toString(16)}`, value }], 8);
}

/** What the values of a map of maps or of a program array point to. */
function valueTarget(
  builder: BtfBuilder,
  map: MapSpec,
  sizeOf: (type: TypeId) => number | undefined,
): TypeId {
  if (map.inner !== undefined) return addMapStruct(builder, map.inner, sizeOf).type;
  return builder.addPrototype(0, []);
}

function intType(builder: BtfBuilder): TypeId {
  return builder.addInt('int', 4, { signed: true });
}

function indexType(builder: BtfBuilder): TypeId {
  return builder.addInt('__ARRAY_SIZE_TYPE__', 4);
}
