/**
 * Parts of a map value, or of an object that a program made, which the kernel manages itself (`struct btf_field`): programs
 * reach them through functions only.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { KernelRelease } from '../../bpf/kernel-release.ts';

export type SpecialFieldKind =
  | 'spin-lock'
  | 'res-spin-lock'
  | 'timer'
  | 'workqueue'
  | 'task-work'
  | 'refcount'
  | 'list-head'
  | 'list-node'
  | 'rb-root'
  | 'rb-node'
  /** `__kptr_untrusted`, `__kptr`, `__percpu_kptr`, `__uptr`. */
  | 'kptr-untrusted'
  | 'kptr'
  | 'kptr-percpu'
  | 'uptr';

export interface SpecialField {
  readonly kind: SpecialFieldKind;
  readonly offset: number;
  readonly size: number;
  /** kptrs: what they point to, a type of the kernel or, of objects the program makes, its own. */
  readonly pointee?: { readonly btf: Btf; readonly type: TypeId };
  /** list-head, rb-root: the objects in it, and where their node lies (`contains:TYPE:FIELD`). */
  readonly contains?: {
    readonly btf: Btf;
    readonly type: TypeId;
    readonly node: string;
    readonly nodeOffset: number;
  };
}

/** All of one value, ascending by offset (`struct btf_record`). */
export interface FieldRecord {
  readonly fields: readonly SpecialField[];
}

export const NO_FIELDS: FieldRecord = { fields: [] };

/** There is one or more of the kind. */
export function hasField(record: FieldRecord, kind: SpecialFieldKind): boolean {
  return record.fields.some((field) => field.kind === kind);
}

/** Of kinds that occur once in a value. */
export function onlyField(record: FieldRecord, kind: SpecialFieldKind): SpecialField | undefined {
  return record.fields.find((field) => field.kind === kind);
}

/** The one that begins at `offset`. */
export function fieldAt(record: FieldRecord, offset: number): SpecialField | undefined {
  return record.fields.find((field) => field.offset === offset);
}

/** A pointer to an object of the kernel or of a program that lives in a map. */
export function isKptr(kind: SpecialFieldKind): boolean {
  return kind === 'kptr' || kind === 'kptr-untrusted' || kind === 'kptr-percpu';
}

/** A structure that stands for such a field. */
export interface FieldStructure {
  readonly kind: SpecialFieldKind;
  /** Structure in the program's types, and as messages name it (`btf_field_type_name`). */
  readonly name: string;
  readonly size: number;
  readonly align: number;
  /** A value may hold one only. */
  readonly once: boolean;
  readonly since: KernelRelease;
}

/** By what structures types name such fields. */
export const FIELD_STRUCTURES: readonly FieldStructure[] = [
  { kind: 'spin-lock', name: 'bpf_spin_lock', size: 4, align: 4, once: true, since: '5.1' },
  { kind: 'res-spin-lock', name: 'bpf_res_spin_lock', size: 4, align: 4, once: true, since: '6.15' },
  { kind: 'timer', name: 'bpf_timer', size: 16, align: 8, once: true, since: '5.15' },
  { kind: 'workqueue', name: 'bpf_wq', size: 16, align: 8, once: true, since: '6.10' },
  { kind: 'task-work', name: 'bpf_task_work', size: 8, align: 8, once: true, since: '6.18' },
  { kind: 'list-head', name: 'bpf_list_head', size: 16, align: 8, once: false, since: '6.2' },
  { kind: 'list-node', name: 'bpf_list_node', size: 24, align: 8, once: false, since: '6.2' },
  { kind: 'rb-root', name: 'bpf_rb_root', size: 16, align: 8, once: false, since: '6.3' },
  { kind: 'rb-node', name: 'bpf_rb_node', size: 32, align: 8, once: false, since: '6.3' },
  { kind: 'refcount', name: 'bpf_refcount', size: 4, align: 4, once: true, since: '6.4' },
];

/** Kinds a map's value may have (`map_check_btf`). */
export const MAP_FIELDS: ReadonlySet<SpecialFieldKind> = new Set<SpecialFieldKind>([
  'spin-lock',
  'res-spin-lock',
  'timer',
  'workqueue',
  'task-work',
  'refcount',
  'list-head',
  'rb-root',
  'kptr-untrusted',
  'kptr',
  'kptr-percpu',
  'uptr',
]);

/** Kinds an object of the program's own may have (`btf_parse_struct_metas`). */
export const OBJECT_FIELDS: ReadonlySet<SpecialFieldKind> = new Set<SpecialFieldKind>([
  'spin-lock',
  'res-spin-lock',
  'refcount',
  'list-head',
  'list-node',
  'rb-root',
  'rb-node',
  'kptr-untrusted',
  'kptr',
  'kptr-percpu',
]);

const NAMES: ReadonlyMap<SpecialFieldKind, string> = new Map(
  FIELD_STRUCTURES.map(({ kind, name }) => [kind, name]),
);

/** As messages name it (`btf_field_type_name`). */
export function fieldName(kind: SpecialFieldKind): string {
  if (kind === 'kptr-percpu') return 'percpu_kptr';
  if (kind === 'kptr-untrusted') return 'kptr';
  return NAMES.get(kind) ?? kind;
}
