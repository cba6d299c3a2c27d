/** The one BTF all generated programs share: their functions' prototypes, and the structures of their maps' values. */
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import type { TypeId } from '../../../bpf/btf/type.ts';

/** What a global function takes, in the order of r1 ... */
export type Signature = 'none' | 'scalars' | 'context' | 'memory' | 'nonnull' | 'dynptr' | 'trusted';

const SIGNATURES: readonly Signature[] = [
  'none',
  'scalars',
  'context',
  'memory',
  'nonnull',
  'dynptr',
  'trusted',
];

/** Functions of each kind a program may have. */
export const FUNCTIONS_EACH = 4;
/** Bytes of the structure that `memory` and `nonnull` functions get. */
export const PLAIN_SIZE = 24;

export interface ProgramTypes {
  readonly bytes: Uint8Array;
  readonly main: TypeId;
  readonly statics: readonly TypeId[];
  readonly globals: Readonly<Record<Signature, readonly TypeId[]>>;
  readonly int: TypeId;
  readonly u64: TypeId;
  /** Values of maps, by what they hold. */
  readonly lock: TypeId;
  readonly timer: TypeId;
  readonly work: TypeId;
  readonly kptr: TypeId;
  readonly list: TypeId;
  /** Structures `bpf_obj_new` may make. */
  readonly plain: TypeId;
  readonly node: TypeId;
}

/** Byte offsets within the special structures. */
export const Layout = {
  lock: { size: 40, lock: 0, data: 8 },
  timer: { size: 48, timer: 0, data: 16 },
  work: { size: 48, work: 0, data: 16 },
  kptr: { size: 40, task: 0, mask: 8, data: 16 },
  list: { size: 64, lock: 0, head: 8, root: 24, data: 40 },
  node: { size: 72, list: 0, tree: 24, ref: 56, key: 64 },
} as const;

export function programTypes(): ProgramTypes {
  const b = new BtfBuilder();
  const integer = (name: string, size: number, signed: boolean): TypeId =>
    b.add({ kind: 'int', name, size, signed, encoding: 'plain', bits: size * 8, bitOffset: 0 });
  const int = integer('int', 4, true);
  const u32 = integer('unsigned int', 4, false);
  const u64 = integer('unsigned long', 8, false);
  const pointer = (type: TypeId): TypeId => b.add({ kind: 'ptr', type });
  const struct = (
    name: string,
    size: number,
    members: readonly (readonly [string, TypeId, number])[],
  ): TypeId =>
    b.add({
      kind: 'struct',
      name,
      size,
      members: members.map(([member, type, offset]) => ({
        name: member,
        type,
        bitOffset: offset * 8,
        bitSize: 0,
      })),
    });
  const words = (count: number): TypeId => b.add({ kind: 'array', element: u64, index: u32, count });
  const opaque = (name: string, count: number): TypeId =>
    struct(name, count * 8, [['__opaque', words(count), 0]]);

  const spinLock = struct('bpf_spin_lock', 4, [['val', u32, 0]]);
  const lock = struct('elem_lock', Layout.lock.size, [
    ['lock', spinLock, 0],
    ['pad', u32, 4],
    ['data', words(4), 8],
  ]);
  const timer = struct('elem_timer', Layout.timer.size, [
    ['timer', opaque('bpf_timer', 2), 0],
    ['data', words(4), 16],
  ]);
  const work = struct('elem_work', Layout.work.size, [
    ['work', opaque('bpf_wq', 2), 0],
    ['data', words(4), 16],
  ]);
  const kernel = (name: string): TypeId => {
    const type = struct(name, 0, []);
    return pointer(b.add({ kind: 'type_tag', name: 'kptr', type, attribute: false }));
  };
  const kptr = struct('elem_kptr', Layout.kptr.size, [
    ['task', kernel('task_struct'), 0],
    ['mask', kernel('bpf_cpumask'), 8],
    ['data', words(3), 16],
  ]);
  const node = struct('node', Layout.node.size, [
    ['list', opaque('bpf_list_node', 3), Layout.node.list],
    ['tree', opaque('bpf_rb_node', 4), Layout.node.tree],
    [
      'ref',
      struct('bpf_refcount', 4, [
        ['__opaque', b.add({ kind: 'array', element: u32, index: u32, count: 1 }), 0],
      ]),
      Layout.node.ref,
    ],
    ['pad', u32, Layout.node.ref + 4],
    ['key', u64, Layout.node.key],
  ]);
  const list = struct('elem_list', Layout.list.size, [
    ['lock', spinLock, 0],
    ['pad', u32, 4],
    ['head', opaque('bpf_list_head', 2), Layout.list.head],
    ['root', opaque('bpf_rb_root', 2), Layout.list.root],
    ['data', words(3), Layout.list.data],
  ]);
  b.add({ kind: 'decl_tag', name: 'contains:node:list', type: list, component: 2, attribute: false });
  b.add({ kind: 'decl_tag', name: 'contains:node:tree', type: list, component: 3, attribute: false });
  const plain = struct('plain', PLAIN_SIZE, [
    ['a', u64, 0],
    ['b', u32, 8],
    ['c', u32, 12],
    ['d', u64, 16],
  ]);

  const prototype = (parameters: readonly (readonly [string, TypeId])[]): TypeId =>
    b.add({
      kind: 'func_proto',
      returns: int,
      parameters: parameters.map(([name, type]) => ({ name, type })),
    });
  const anything = pointer(0);
  const simple = prototype([]);
  const main = b.add({ kind: 'func', name: 'main', type: simple, linkage: 'global' });
  const many = <T>(make: (index: number) => T): readonly T[] =>
    Array.from({ length: FUNCTIONS_EACH * 2 }, (_, i) => make(i));
  const statics = many((i) => b.add({ kind: 'func', name: `part${i}`, type: simple, linkage: 'static' }));
  const task = pointer(struct('task_struct', 0, []));
  const dynptr = pointer(opaque('bpf_dynptr', 2));
  const prototypes: Readonly<Record<Signature, TypeId>> = {
    none: simple,
    scalars: prototype([
      ['a', int],
      ['b', u64],
    ]),
    context: prototype([['ctx', anything]]),
    memory: prototype([['p', pointer(plain)]]),
    nonnull: prototype([
      ['p', pointer(plain)],
      ['n', u64],
    ]),
    dynptr: prototype([['d', dynptr]]),
    trusted: prototype([['t', task]]),
  };
  const tags: Partial<Record<Signature, string>> = {
    context: 'arg:ctx',
    nonnull: 'arg:nonnull',
    trusted: 'arg:trusted',
  };
  const globals = Object.fromEntries(
    SIGNATURES.map((signature) => {
      const ids = many((i) => {
        const name = `shared_${signature}${i}`;
        const id = b.add({ kind: 'func', name, type: prototypes[signature], linkage: 'global' });
        const tag = tags[signature];
        if (tag !== undefined)
          b.add({ kind: 'decl_tag', name: tag, type: id, component: 0, attribute: false });
        return id;
      });
      return [signature, ids];
    }),
  ) as unknown as Readonly<Record<Signature, readonly TypeId[]>>;
  return {
    bytes: b.build().bytes(),
    main,
    statics,
    globals,
    int,
    u64,
    lock,
    timer,
    work,
    kptr,
    list,
    plain,
    node,
  };
}
