/**
 * Maps of operations (`struct_ops`) as variables of the sections `.struct_ops` and `.struct_ops.link`; the types of the
 * object say where each lies, relocations which programs implement their members.
 */
import { dataSectionOf } from '../../btf/data-section.ts';
import { resolveType } from '../../btf/layout.ts';
import type { TypeId } from '../../btf/type.ts';
import { type MapDefinition, MapFlags } from '../../maps.ts';
import type { BpfObject } from '../../object.ts';

export interface StructOpsVariable {
  readonly map: MapDefinition;
  readonly offset: number;
  readonly size: number;
  /** Where in the section the address of each program goes. */
  readonly programs: readonly { readonly offset: number; readonly name: string }[];
}

export interface StructOpsSection {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly variables: readonly StructOpsVariable[];
}

/** @throws RangeError for a map that the object's types do not place */
export function layoutStructOps(object: BpfObject): readonly StructOpsSection[] {
  const sections = new Map<string, MapDefinition[]>();
  for (const map of object.maps) {
    if (map.type !== 'struct_ops') continue;
    const name = (map.flags & MapFlags.LINK) === 0 ? '.struct_ops' : '.struct_ops.link';
    const list = sections.get(name) ?? [];
    sections.set(name, list);
    list.push(map);
  }
  return [...sections].map(([name, maps]) => layoutSection(object, name, maps));
}

function layoutSection(object: BpfObject, name: string, maps: readonly MapDefinition[]): StructOpsSection {
  const section = object.btf && dataSectionOf(object.btf, name);
  if (section === undefined) throw new RangeError(`the object has no types of its section ${name}`);
  const end = section.variables.reduce((most, { offset, size }) => Math.max(most, offset + size), 0);
  if (section.size !== end)
    throw new RangeError(`the types of ${name} tell of ${section.size} bytes, and ${end} are used`);
  const bytes = new Uint8Array(end);
  const variables = maps.map((map): StructOpsVariable => {
    const variable = section.variables.find(({ type }) => object.btf!.nameOf(type) === map.name);
    if (variable === undefined) throw new RangeError(`the types of ${name} do not tell of ${map.name}`);
    const { offset, size } = variable;
    bytes.set(object.data.get(map.name)?.subarray(0, size) ?? [], offset);
    return { map, offset, size, programs: programsOf(object, map, offset) };
  });
  return { name, bytes, variables };
}

/** The index of a slot is that of the structure's member. */
function programsOf({ btf }: BpfObject, map: MapDefinition, start: number): StructOpsVariable['programs'] {
  const struct = resolveType(btf!, (map.btf?.value ?? 0) as TypeId);
  return (map.slots ?? []).map(({ index, target }) => {
    const member = struct.kind === 'struct' ? struct.members[index] : undefined;
    if (member === undefined) throw new RangeError(`map ${map.name} has no member ${index}`);
    return { offset: start + member.bitOffset / 8, name: target.name };
  });
}
