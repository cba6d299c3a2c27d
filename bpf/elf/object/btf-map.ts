/**
 * One map from its structure in BTF (libbpf's `parse_btf_map_def`). Numbers are written as pointers to arrays of that
 * length (`__uint`), types as pointers to them (`__type`), static values as an array at the end (`__array`).
 */
import type { Btf } from '../../btf/btf.ts';
import { resolveType, sizeOf, skipModifiers } from '../../btf/layout.ts';
import { type BtfComposite, type BtfMember, isEnum, type TypeId } from '../../btf/type.ts';
import { type MapDefinition, type MapSpec, type MapType, mapTypeById } from '../../maps.ts';

export type BtfMap = Omit<MapDefinition, 'name'> & {
  /** Bytes to the array `values`. */
  readonly valuesOffset?: number;
};

/** What a map's structure says, before its pieces are put together. */
interface Fields {
  type?: MapType | undefined;
  keySize?: number;
  valueSize?: number;
  key: TypeId;
  value: TypeId;
  maxEntries: number;
  flags: number;
  mapExtra?: bigint;
  numaNode?: number;
  pinning?: 'by-name' | undefined;
  inner?: MapSpec;
  valuesOffset?: number;
}

/** Thrown by {@link readBtfMap}: what is wrong with the definition; the caller knows where it is. */
export class MapProblem extends Error {
  override readonly name = 'MapProblem';
}

/** Reads the map whose structure is type `id`. `isInner`: it describes values of another map. @throws MapProblem */
export function readBtfMap(btf: Btf, id: TypeId, isInner = false): BtfMap {
  const type = resolveType(btf, id);
  if (type.kind !== 'struct') throw new MapProblem(`is of kind ${type.kind}, not a struct`);
  if (type.members.length > MAX_MEMBERS) throw new MapProblem(`has ${type.members.length} members`);
  const fields: Fields = { key: 0, value: 0, maxEntries: 0, flags: 0 };
  for (const member of type.members) readMember(btf, type, member, fields, isInner);
  if (fields.type === undefined) throw new MapProblem('has no type');
  const { type: mapType, inner, mapExtra, numaNode, pinning, valuesOffset } = fields;
  if (mapType.mapOfMaps && inner === undefined && isInner)
    throw new MapProblem('is a map of maps in another');
  return {
    type: mapType.name,
    keySize: fields.keySize ?? 0,
    valueSize: fields.valueSize ?? 0,
    maxEntries: mapType.entries === 'pages' ? ringBufferSize(fields.maxEntries) : fields.maxEntries,
    flags: fields.flags,
    ...(fields.key === 0 && fields.value === 0 ? {} : { btf: { key: fields.key, value: fields.value } }),
    ...(mapExtra === undefined ? {} : { mapExtra }),
    ...(numaNode === undefined ? {} : { numaNode }),
    ...(pinning === undefined ? {} : { pinning }),
    ...(inner === undefined ? {} : { inner }),
    ...(valuesOffset === undefined ? {} : { valuesOffset }),
  };
}

function readMember(btf: Btf, map: BtfComposite, member: BtfMember, fields: Fields, isInner: boolean): void {
  const number = (): number => uint(btf, member);
  switch (member.name) {
    case 'type': {
      const id = number();
      fields.type = mapTypeById(id);
      if (fields.type === undefined) throw new MapProblem(`has the unknown type ${id}`);
      return;
    }
    case 'max_entries':
      fields.maxEntries = number();
      return;
    case 'map_flags':
      fields.flags = number();
      return;
    case 'map_extra':
      fields.mapExtra = ulong(btf, member) ?? BigInt(number());
      return;
    case 'numa_node':
      fields.numaNode = number();
      return;
    case 'key_size':
      fields.keySize = agree('key', fields.keySize, number());
      return;
    case 'value_size':
      fields.valueSize = agree('value', fields.valueSize, number());
      return;
    case 'key':
      fields.key = pointee(btf, member);
      fields.keySize = agree('key', fields.keySize, pointeeSize(btf, member));
      return;
    case 'value':
      fields.value = pointee(btf, member);
      fields.valueSize = agree('value', fields.valueSize, pointeeSize(btf, member));
      return;
    case 'pinning':
      if (isInner) throw new MapProblem('inner definition: cannot be pinned');
      fields.pinning = pinning(number());
      return;
    case 'values':
      if (member !== map.members.at(-1)) throw new MapProblem("'values' is not its last member");
      readValues(btf, member, fields, isInner);
      return;
    default:
      throw new MapProblem(`has the unknown member '${member.name}'`);
  }
}

/** `values`: an array of pointers to inner maps, or to the functions of programs. */
function readValues(btf: Btf, member: BtfMember, fields: Fields, isInner: boolean): void {
  if (isInner) throw new MapProblem('inner definition: has values of its own');
  const isProgramArray = fields.type?.name === 'prog_array';
  if (fields.type === undefined || !(fields.type.mapOfMaps || isProgramArray)) {
    throw new MapProblem("has 'values', but is neither a map of maps nor a program array");
  }
  fields.valueSize = agree('value', fields.valueSize, 4);
  const array = resolveType(btf, member.type);
  if (array.kind !== 'array') throw new MapProblem("'values' is no array");
  const pointer = resolveType(btf, array.element);
  if (pointer.kind !== 'ptr') throw new MapProblem("'values' is no array of pointers");
  const target = resolveType(btf, pointer.type);
  if (isProgramArray && target.kind !== 'func_proto') throw new MapProblem("'values' are no functions");
  if (!isProgramArray) {
    const { valuesOffset: _, ...inner } = readBtfMap(btf, pointer.type, true);
    fields.inner = inner;
  }
  fields.valuesOffset = member.bitOffset / 8;
}

/** libbpf's `get_map_field_int`. */
function uint(btf: Btf, member: BtfMember): number {
  const pointer = btf.type(skipModifiers(btf, member.type));
  const array = pointer.kind === 'ptr' ? btf.type(pointer.type) : undefined;
  if (array?.kind === 'array') return array.count;
  throw new MapProblem(`'${member.name}' is no number`);
}

/** `__ulong`: an enumeration of one value. */
function ulong(btf: Btf, member: BtfMember): bigint | undefined {
  const type = btf.type(skipModifiers(btf, member.type));
  const isOne = isEnum(type) && type.values.length === 1;
  return isOne ? BigInt.asUintN(64, type.values[0]!.value) : undefined;
}

function pointee(btf: Btf, member: BtfMember): TypeId {
  const pointer = btf.type(member.type);
  if (pointer.kind === 'ptr') return pointer.type;
  throw new MapProblem(`'${member.name}' is no pointer`);
}

function pointeeSize(btf: Btf, member: BtfMember): number {
  const size = sizeOf(btf, pointee(btf, member));
  if (size !== undefined && size <= 0xffff_ffff) return size;
  throw new MapProblem(`'${member.name}' is of a type without size`);
}

function agree(what: string, known: number | undefined, size: number): number {
  if (known === undefined || known === size) return size;
  throw new MapProblem(`has ${what}s of ${known} and of ${size} bytes`);
}

/** `enum libbpf_pin_type`. */
function pinning(value: number): 'by-name' | undefined {
  if (value === 0) return undefined;
  if (value === 1) return 'by-name';
  throw new MapProblem(`has the unknown pinning ${value}`);
}

/** There are eleven to name. */
const MAX_MEMBERS = 32;
const PAGE = 4096;

/** The next power of two pages, as the kernel wants (libbpf's `adjust_ringbuf_sz`). */
function ringBufferSize(size: number): number {
  if (size === 0 || (size % PAGE === 0 && Number.isInteger(Math.log2(size / PAGE)))) return size;
  for (let pages = 1; pages * PAGE <= 0xffff_ffff; pages *= 2) if (pages * PAGE > size) return pages * PAGE;
  return size;
}
