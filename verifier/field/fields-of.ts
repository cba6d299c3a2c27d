/** The special fields of maps, of objects and of what registers point to, found once for each. */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import type { VerifierMap } from '../map.ts';
import type { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { findFields } from './find-fields.ts';
import { type FieldRecord, MAP_FIELDS, NO_FIELDS, OBJECT_FIELDS } from './special-field.ts';

/** Records found so far, by map, and by type of a program's or the kernel's types. */
export class FieldRecords {
  readonly maps: Map<VerifierMap, FieldRecord> = new Map();
  readonly objects: Map<Btf, Map<TypeId, FieldRecord>> = new Map();
}

/** Of a map's value (`map->record`). */
export function fieldsOfMap(env: Environment, map: VerifierMap): FieldRecord {
  const known = env.fields.maps.get(map);
  if (known !== undefined) return known;
  const { types, btf } = map;
  const record =
    types === undefined || btf === undefined || btf.value === 0
      ? NO_FIELDS
      : findFields(
          { btf: types, kinds: MAP_FIELDS, release: env.release, kernel: kernelTypes(env) },
          btf.value,
        );
  env.fields.maps.set(map, record);
  return record;
}

/** Of an object that the program makes (`btf_find_struct_meta`). */
export function fieldsOfObject(env: Environment, btf: Btf, type: TypeId): FieldRecord {
  let known = env.fields.objects.get(btf);
  if (known === undefined) {
    known = new Map();
    env.fields.objects.set(btf, known);
  }
  let record = known.get(type);
  if (record === undefined) {
    record = findFields({ btf, kinds: OBJECT_FIELDS, release: env.release, kernel: kernelTypes(env) }, type);
    known.set(type, record);
  }
  return record;
}

/** Of what the register points to (`reg_btf_record`). */
export function fieldsOf(env: Environment, { kind, flags, detail }: Register): FieldRecord {
  if (kind === Kind.mapValue && detail?.kind === 'map') return fieldsOfMap(env, detail.map);
  if (kind === Kind.btfId && (flags & Flag.alloc) !== 0 && detail?.kind === 'btf') {
    return fieldsOfObject(env, detail.btf, detail.type);
  }
  return NO_FIELDS;
}

function kernelTypes(env: Environment): readonly Btf[] {
  const { btf, kernel } = env;
  return [...(btf === undefined ? [] : [btf]), ...(kernel.modules?.values() ?? [])];
}
