/**
 * Fields of map values that are the kernel's own (`btf_record`): locks, timers, pointers to kernel objects, heads and
 * nodes of lists and trees. Updates leave them alone or reset them, and user space reads zeros in their place.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import { sizeOf } from '../../bpf/btf/layout.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { MapSpec } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import type { Memory } from '../memory.ts';

export interface ValueField {
  readonly kind: FieldKind;
  /** The field's structure; for pointers how they are tagged. */
  readonly type: string;
  /** In the value. */
  readonly offset: number;
  readonly size: number;
}

type FieldKind = 'lock' | 'timer' | 'pointer' | 'other';

const FIELD_TYPES: Readonly<Record<string, { readonly kind: FieldKind; readonly size: number }>> = {
  bpf_spin_lock: { kind: 'lock', size: 4 },
  bpf_res_spin_lock: { kind: 'lock', size: 8 },
  bpf_timer: { kind: 'timer', size: 16 },
  bpf_wq: { kind: 'timer', size: 16 },
  bpf_task_work: { kind: 'timer', size: 8 },
  bpf_list_head: { kind: 'other', size: 16 },
  bpf_list_node: { kind: 'other', size: 24 },
  bpf_rb_root: { kind: 'other', size: 16 },
  bpf_rb_node: { kind: 'other', size: 32 },
  bpf_refcount: { kind: 'other', size: 4 },
};
const POINTER_TAGS: readonly string[] = ['kptr_untrusted', 'kptr', 'percpu_kptr', 'uptr'];
/** How deep structures in structures are looked into (`MAX_RESOLVE_DEPTH` of kernel/bpf/btf.c). */
const DEEPEST = 32;
/** BTF_FIELDS_MAX */
const MOST = 11;

export class ValueFields {
  readonly fields: readonly ValueField[];
  /** Whether BPF_F_LOCK has something to lock. */
  readonly hasLock: boolean;

  static readonly NONE: ValueFields = new ValueFields([]);

  private constructor(fields: readonly ValueField[]) {
    this.fields = fields;
    this.hasLock = fields.some(({ kind }) => kind === 'lock');
  }

  /** Of a map's values; none where the definition has no types. */
  static of(definition: MapSpec, btf: Btf | undefined): ValueFields {
    return ValueFields.ofType(definition.btf?.value ?? 0, btf);
  }

  static ofType(id: TypeId, btf: Btf | undefined): ValueFields {
    if (btf === undefined || id === 0) return ValueFields.NONE;
    const fields: ValueField[] = [];
    collect(btf, id, 0, 0, fields);
    return fields.length === 0
      ? ValueFields.NONE
      : new ValueFields(fields.sort((a, b) => a.offset - b.offset));
  }

  /** `copy_map_value` and `bpf_obj_free_fields`: copies all but the fields; those but the lock become zero. */
  copy(memory: Memory, target: LinearAddress, source: LinearAddress, size: number): void {
    if (this.fields.length === 0) {
      memory.copy(target, source, size);
      return;
    }
    const { u8 } = memory;
    let done = 0;
    for (const { kind, offset, size: length } of this.fields) {
      u8.copyWithin(target + done, source + done, source + offset);
      if (kind !== 'lock') u8.fill(0, target + offset, target + offset + length);
      done = offset + length;
    }
    u8.copyWithin(target + done, source + done, source + size);
  }

  /** Zeroes the fields of a value. */
  clear(memory: Memory, value: LinearAddress): void {
    for (const { offset, size } of this.fields) memory.u8.fill(0, value + offset, value + offset + size);
  }
}

function collect(btf: Btf, id: TypeId, offset: number, depth: number, into: ValueField[]): void {
  if (depth > DEEPEST || into.length >= MOST || id === 0) return;
  const type = btf.type(id);
  switch (type.kind) {
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
      collect(btf, type.type, offset, depth + 1, into);
      return;
    case 'ptr':
      if (isKernelPointer(btf, type.type))
        into.push({ kind: 'pointer', type: btf.nameOf(type.type), offset, size: 8 });
      return;
    case 'struct': {
      const known = FIELD_TYPES[type.name];
      if (known !== undefined) into.push({ ...known, type: type.name, offset });
      else {
        for (const member of type.members) {
          if (member.bitSize === 0) collect(btf, member.type, offset + member.bitOffset / 8, depth + 1, into);
        }
      }
      return;
    }
    case 'array': {
      const before = into.length;
      collect(btf, type.element, offset, depth + 1, into);
      const [first] = into.slice(before);
      const size = sizeOf(btf, type.element);
      if (first === undefined || size === undefined) return;
      for (let i = 1; i < type.count && into.length < MOST; i++) {
        collect(btf, type.element, offset + i * size, depth + 1, into);
      }
      return;
    }
    case 'datasec':
      for (const one of type.variables) {
        const variable = btf.type(one.type);
        if (variable.kind === 'var') collect(btf, variable.type, offset + one.offset, depth + 1, into);
      }
      return;
    default:
  }
}

function isKernelPointer(btf: Btf, id: TypeId): boolean {
  if (id === 0) return false;
  const type = btf.type(id);
  return type.kind === 'type_tag' && POINTER_TAGS.includes(type.name);
}
