/** Objects with owners: kernel pointers, allocated nodes, lists, trees, timers, storages. */
import { type Body, FP, memory, NONE, OTHER, UNKNOWN } from '../body.ts';
import { Layout } from '../types.ts';
import { announce } from './call.ts';
import { checkNull, mapValue } from './map.ts';
import { owned } from './owned.ts';
import { socketLookup, socketStorage } from './socket.ts';
import type { Statement } from './statement.ts';

const Helper = {
  exchange: 194,
  timerInit: 169,
  timerCallback: 170,
  timerStart: 171,
  timerCancel: 172,
  taskStorage: 156,
} as const;

function task(b: Body): void {
  const { dice } = b;
  if (dice.chance(0.6)) {
    b.op('mov64_x', 1, b.scalar());
    b.kfunc(dice.chance(0.8) ? 'bpf_task_from_pid' : 'bpf_task_from_vpid');
  } else {
    if (!b.can('get_current_task_btf')) return;
    b.helper(158, OTHER);
    b.op('mov64_x', 1, 0);
    b.kfunc('bpf_task_acquire');
  }
  owned(
    b,
    (register) => {
      const to = b.fresh();
      b.op('ldx32', to, register, b.plan.offsets.task.pid);
      b.set(to, UNKNOWN);
    },
    () => b.kfunc('bpf_task_release', NONE),
  );
}

function mask(b: Body): void {
  const { dice } = b;
  b.kfunc('bpf_cpumask_create');
  owned(
    b,
    (register) => {
      b.op('mov64_x', 2, register);
      b.movK(1, dice.below(4));
      b.kfunc(dice.of(['bpf_cpumask_set_cpu', 'bpf_cpumask_clear_cpu'] as const), NONE);
      if (dice.chance(0.4)) {
        b.op('mov64_x', 1, register);
        b.kfunc('bpf_cpumask_first', UNKNOWN);
      }
    },
    () => b.kfunc('bpf_cpumask_release', NONE),
  );
}

function newPlain(b: Body): void {
  const { dice, plan } = b;
  b.out.wide(1, 0, dice.wrong() ? plan.types.int : plan.types.plain, 0);
  b.movK(2, 0);
  b.kfunc('bpf_obj_new_impl');
  owned(
    b,
    (register) => {
      b.op('stx64', register, b.scalar(), dice.wrong() ? 20 : 16);
      b.op('ldx32', 0, register, 8);
      b.set(0, UNKNOWN);
    },
    () => {
      b.movK(2, 0);
      b.kfunc('bpf_obj_drop_impl', NONE);
    },
  );
}

/** A node goes into a list or a tree under its lock. */
function insert(b: Body): void {
  const { dice, plan } = b;
  const value = mapValue(b, 'lists');
  b.set(value, NONE);
  b.out.wide(1, 0, plan.types.node, 0);
  b.movK(2, 0);
  b.kfunc('bpf_obj_new_impl');
  const node = b.home();
  b.op('mov64_x', node, 0);
  b.jump('jeq_k', 0, 0, 0, b.giveUp());
  if (dice.chance(0.6)) b.op('st64', node, 0, Layout.node.key, dice.below(100));
  if (!dice.wrong()) {
    b.op('mov64_x', 1, value);
    b.helper(93, NONE);
  }
  b.op('mov64_x', 1, value);
  b.op('mov64_x', 2, node);
  const tree = dice.chance(0.4) ? announce(b, 'callback', 'less') : undefined;
  if (tree !== undefined) {
    b.op('add64_k', 1, 0, 0, Layout.list.root);
    b.op('add64_k', 2, 0, 0, Layout.node.tree);
    b.out.functionAddress(3, tree.label);
    b.movK(4, 0);
    b.movK(5, 0);
    b.kfunc('bpf_rbtree_add_impl', UNKNOWN);
  } else {
    b.op('add64_k', 1, 0, 0, dice.wrong() ? 0 : Layout.list.head);
    b.op('add64_k', 2, 0, 0, Layout.node.list);
    b.movK(3, 0);
    b.movK(4, 0);
    b.kfunc(dice.of(['bpf_list_push_front_impl', 'bpf_list_push_back_impl'] as const), UNKNOWN);
  }
  const to = b.home();
  b.op('ldx64', to, node, Layout.node.key);
  b.set(to, UNKNOWN);
  b.op('mov64_x', 1, value);
  if (!dice.wrong()) b.helper(94, NONE);
  if (dice.wrong()) b.op('ldx64', to, node, Layout.node.key);
  b.set(0, NONE);
  b.set(node, NONE);
}

/** A node comes out of a list. */
function remove(b: Body): void {
  const { dice } = b;
  const value = mapValue(b, 'lists');
  b.set(value, NONE);
  b.op('mov64_x', 1, value);
  b.helper(93, NONE);
  b.op('mov64_x', 1, value);
  b.op('add64_k', 1, 0, 0, Layout.list.head);
  b.kfunc(dice.of(['bpf_list_pop_front', 'bpf_list_pop_back'] as const));
  const node = b.home();
  b.op('mov64_x', node, 0);
  b.op('mov64_x', 1, value);
  b.helper(94, NONE);
  b.jump('jeq_k', node, 0, 0, b.giveUp());
  const to = b.home();
  b.op('ldx64', to, node, Layout.node.key - Layout.node.list);
  b.set(to, UNKNOWN);
  b.op('mov64_x', 1, node);
  if (!dice.wrong()) b.op('add64_k', 1, 0, 0, -Layout.node.list);
  b.movK(2, 0);
  b.kfunc('bpf_obj_drop_impl', NONE);
  b.set(node, NONE);
}

/** Takes the pointer out of a map's value, or puts one in. */
function exchange(b: Body): void {
  const { dice, plan } = b;
  const value = mapValue(b, 'kptrs');
  b.set(value, NONE);
  if (dice.chance(0.5)) {
    b.op('mov64_x', 1, value);
    b.movK(2, 0);
    b.helper(Helper.exchange, OTHER);
    owned(
      b,
      () => undefined,
      () => b.kfunc('bpf_task_release', NONE),
    );
    return;
  }
  if (!b.hasKfuncs('masks')) return;
  b.kfunc('bpf_cpumask_create');
  const made = b.home();
  b.op('mov64_x', made, 0);
  b.jump('jeq_k', 0, 0, 0, b.giveUp());
  b.op('mov64_x', 1, value);
  b.op('add64_k', 1, 0, 0, dice.wrong() ? Layout.kptr.task : Layout.kptr.mask);
  b.op('mov64_x', 2, made);
  b.helper(Helper.exchange, OTHER);
  owned(
    b,
    () => undefined,
    () => b.kfunc('bpf_cpumask_release', NONE),
  );
  void plan;
}

function kptrRead(b: Body): void {
  const { dice } = b;
  const value = mapValue(b, 'kptrs');
  b.set(value, NONE);
  b.kfunc('bpf_rcu_read_lock', NONE);
  const p = b.home();
  b.op('ldx64', p, value, dice.wrong() ? 4 : Layout.kptr.task);
  const none = b.join();
  b.jump('jeq_k', p, 0, 0, none);
  const to = b.fresh();
  b.op('ldx32', to, p, b.plan.offsets.task.pid);
  b.set(to, UNKNOWN);
  b.set(p, NONE);
  b.arrive(none);
  b.set(p, NONE);
  if (!dice.wrong()) b.kfunc('bpf_rcu_read_unlock', NONE);
  b.op('stx64', value, b.scalar(), dice.wrong() ? Layout.kptr.mask : Layout.kptr.data);
}

function timer(b: Body): void {
  const { dice } = b;
  const value = mapValue(b, 'timers');
  b.set(value, NONE);
  b.op('mov64_x', 1, value);
  b.map(2, dice.wrong() ? 'array' : 'timers');
  b.movK(3, dice.of([0, 1, 7]));
  b.helper(Helper.timerInit);
  const target = announce(b, 'callback', 'timer');
  if (target !== undefined) {
    b.op('mov64_x', 1, value);
    b.out.functionAddress(2, target.label);
    b.helper(Helper.timerCallback);
  }
  b.op('mov64_x', 1, value);
  if (dice.wrong()) b.op('add64_k', 1, 0, 0, 8);
  b.movK(2, 1000);
  b.movK(3, 0);
  b.helper(dice.chance(0.8) ? Helper.timerStart : Helper.timerCancel);
  b.op('stx64', value, b.scalar(), dice.wrong() ? 8 : Layout.timer.data);
}

function work(b: Body): void {
  const { dice } = b;
  const value = mapValue(b, 'works');
  b.set(value, NONE);
  b.op('mov64_x', 1, value);
  b.map(2, 'works');
  b.movK(3, 0);
  b.kfunc('bpf_wq_init', UNKNOWN);
  const target = announce(b, 'callback', 'work');
  if (target !== undefined) {
    b.op('mov64_x', 1, value);
    b.out.functionAddress(2, target.label);
    b.movK(3, 0);
    b.movK(4, 0);
    b.kfunc('bpf_wq_set_callback_impl', UNKNOWN);
  }
  b.op('mov64_x', 1, value);
  b.movK(2, dice.wrong() ? 1 : 0);
  b.kfunc('bpf_wq_start', UNKNOWN);
}

function storage(b: Body): void {
  const { dice } = b;
  if (!b.can('task_storage_get')) return;
  b.helper(158, OTHER);
  b.op('mov64_x', 2, 0);
  b.map(1, dice.wrong() ? 'hash' : 'task_storage');
  b.movK(3, 0);
  b.movK(4, dice.below(2));
  b.helper(Helper.taskStorage, OTHER);
  checkNull(b, memory(8, true));
  b.op('stx64', 0, b.scalar(), dice.wrong() ? 8 : 0);
}

/** Pages that user space shares, through 32-bit pointers. */
function arena(b: Body): void {
  const { dice } = b;
  b.map(1, 'arena');
  const p = b.home();
  b.op('mov64_k', p, 0, 0, 4096 * dice.below(3) + 8);
  b.op('addr_space_cast', p, p, 0, 1);
  b.set(p, OTHER);
  const to = b.fresh();
  b.op('ldx64', to, p, 8 * dice.below(4));
  b.set(to, UNKNOWN);
  b.op('stx32', p, b.scalar(), 4 * dice.below(4));
  if (dice.chance(0.4)) {
    b.op('add64_x', p, b.scalar());
    b.op('addr_space_cast', p, p, 0, 1);
    b.op('ldx8', to, p, dice.below(100));
  }
  b.set(p, NONE);
}

/** An exception ends the program. */
function thrown(b: Body): void {
  const on = b.join();
  b.jump(b.dice.of(['jlt_k', 'jne_k', 'jsgt_k'] as const), b.scalar(), 0, b.dice.below(100), on);
  b.movK(1, 0);
  b.kfunc('bpf_throw', NONE);
  if (b.dice.wrong()) b.op('mov64_x', 0, FP);
  b.arrive(on, false);
}

const generic = (b: Body): boolean => b.quiet === 0 && b.hasKfuncs('generic');
const free = (b: Body): boolean => b.quiet === 0;
const locks = (b: Body): boolean =>
  b.quiet === 0 && b.references === 0 && b.kind.locks && b.hasKfuncs('generic');
const timers = (b: Body): boolean => b.quiet === 0 && b.kind.locks && b.kind.helpers.has('timer_init');
const sockets = (b: Body): boolean => b.kind.helpers.has('sk_storage_get');

export const objectStatements: readonly Statement[] = [
  { name: 'object/task', weight: 5, when: generic, write: task },
  { name: 'object/cpumask', weight: 3, when: (b) => b.quiet === 0 && b.hasKfuncs('masks'), write: mask },
  { name: 'object/new', weight: 3, when: generic, write: newPlain },
  { name: 'object/insert', weight: 6, when: locks, write: insert },
  { name: 'object/remove', weight: 4, when: locks, write: remove },
  {
    name: 'object/exchange',
    weight: 3,
    when: (b) => generic(b) && b.kind.helpers.has('kptr_xchg'),
    write: exchange,
  },
  { name: 'object/kptr read', weight: 3, when: free, write: kptrRead },
  { name: 'object/timer', weight: 5, when: timers, write: timer },
  { name: 'object/work', weight: 3, when: timers, write: work },
  {
    name: 'object/storage',
    weight: 4,
    when: (b) => free(b) && b.kind.helpers.has('task_storage_get'),
    write: storage,
  },
  { name: 'object/socket storage', weight: 8, when: sockets, write: socketStorage },
  {
    name: 'object/socket lookup',
    weight: 6,
    when: (b) => free(b) && b.kind.helpers.has('sk_lookup_tcp'),
    write: socketLookup,
  },
  { name: 'object/arena', weight: 1, when: (b) => b.contextHome !== 'none' || b.dice.wrong(), write: arena },
  {
    name: 'object/throw',
    weight: 2,
    when: (b) => generic(b) && b.references === 0 && b.loops === 0,
    write: thrown,
  },
];
