/** Pointers with types of the kernel: walks through its structures, variables, casts. */
import { type Body, FP, NONE, OTHER, UNKNOWN } from '../body.ts';
import { checkNull } from './map.ts';
import type { Statement } from './statement.ts';

/** A task in a held register. */
function someTask(b: Body): number | undefined {
  const { dice, kind } = b;
  const args = kind.args?.flatMap((arg, i) => (arg === 'task' ? [i] : [])) ?? [];
  const to = b.home();
  if (args.length > 0 && b.contextHome !== 'none' && dice.chance(0.7)) {
    if (!b.context(to)) return undefined;
    b.op('ldx64', to, to, 8 * dice.of(args));
    b.set(to, OTHER);
    return to;
  }
  if (!b.can('get_current_task_btf')) return undefined;
  b.helper(158, OTHER);
  b.mov(to, 0);
  b.set(to, OTHER);
  return to;
}

function walk(b: Body): void {
  const { dice } = b;
  const { task } = b.plan.offsets;
  const at = someTask(b);
  if (at === undefined) return;
  const to = b.fresh();
  const steps = dice.below(3);
  for (let i = 0; i < steps; i++) {
    b.op('ldx64', at, at, dice.of([task.realParent, task.groupLeader]));
    if (dice.chance(0.3)) b.jump('jeq_k', at, 0, 0, b.giveUp());
  }
  switch (dice.below(5)) {
    case 0:
      b.op('ldx32', to, at, dice.wrong() ? task.size : task.pid);
      break;
    case 1:
      b.op('ldx8', to, at, task.comm + dice.below(dice.wrong() ? 20 : 16));
      break;
    case 2:
      b.op('ldx64', to, at, task.mm);
      if (!dice.wrong()) b.jump('jeq_k', to, 0, 0, b.giveUp());
      b.op('ldx64', to, to, task.mmTotal);
      break;
    case 3:
      b.op('ldx64', to, at, dice.below(200) * 8);
      break;
    default:
      b.op(dice.wrong() ? 'ldx64' : 'ldx32', to, at, dice.wrong() ? dice.below(task.size) : task.tgid);
  }
  b.set(to, OTHER);
  if (dice.wrong()) b.op('stx32', at, b.scalar(), task.pid);
  b.set(at, NONE);
}

/** A field of a pointer that is not trusted: only helpers read it. */
function probed(b: Body): void {
  const at = someTask(b);
  if (at === undefined || !b.can('probe_read_kernel')) return;
  const off = b.stack(2);
  b.stackAddress(1, off);
  b.movK(2, 16);
  b.op('mov64_x', 3, at);
  b.op('add64_k', 3, 0, 0, b.plan.offsets.task.comm);
  b.helper(113);
  b.set(at, NONE);
}

function passedOn(b: Body): void {
  const { dice } = b;
  const at = someTask(b);
  if (at === undefined) return;
  b.op('mov64_x', 1, at);
  if (dice.chance(0.5)) {
    if (!b.can('task_pt_regs')) return;
    b.helper(175, OTHER);
    const to = b.fresh();
    b.op('ldx64', to, 0, dice.wrong() ? 168 : 128);
    b.set(to, UNKNOWN);
  } else if (b.can('get_task_stack')) {
    const off = b.stack(4);
    b.stackAddress(2, off);
    b.movK(3, 32);
    b.movK(4, 0);
    b.helper(141);
  }
  b.set(at, NONE);
}

function perCpu(b: Body): void {
  const { dice } = b;
  b.out.symbol(1, 'runqueues');
  b.set(1, OTHER);
  if (dice.chance(0.5)) {
    b.movK(2, dice.below(2));
    b.helper(153, OTHER);
    if (!dice.wrong()) b.jump('jeq_k', 0, 0, 0, b.giveUp());
  } else b.helper(154, OTHER);
  const to = b.fresh();
  b.op('ldx32', to, 0, dice.wrong() ? 1 << 14 : b.plan.offsets.queue.running);
  b.set(to, UNKNOWN);
  b.set(0, NONE);
}

function variable(b: Body): void {
  const p = b.fresh();
  b.out.symbol(p, b.dice.of(['bpf_prog_active', 'runqueues'] as const));
  if (b.dice.chance(0.6)) b.op('ldx32', p, p, 0);
  b.set(p, OTHER);
}

function cast(b: Body): void {
  const { dice } = b;
  if (dice.chance(0.6)) {
    b.op('mov64_x', 1, b.scalar());
    b.out.wide(2, 0, dice.wrong() ? 1 : b.plan.offsets.task.id, 0);
    b.kfunc('bpf_rdonly_cast', OTHER);
    const to = b.fresh();
    b.op('ldx32', to, 0, b.plan.offsets.task.pid);
    b.set(to, UNKNOWN);
    return;
  }
  if (!b.context(1)) return;
  b.kfunc('bpf_cast_to_kern_ctx', OTHER);
  b.set(0, NONE);
}

/** Tasks, one after another. */
function tasks(b: Body): void {
  const { dice } = b;
  const it = b.stack(3);
  b.take(it, 3);
  if (!dice.wrong()) b.kfunc('bpf_rcu_read_lock', NONE);
  b.stackAddress(1, it);
  b.movK(2, 0);
  b.movK(3, 0);
  b.kfunc('bpf_iter_task_new', UNKNOWN);
  b.loops++;
  for (let i = 0; i < 10; i++) if (b.values[i]!.kind !== 'context') b.set(i, NONE);
  b.spills.fill(undefined);
  const start = b.out.label();
  const end = b.join();
  b.out.place(start);
  b.stackAddress(1, it);
  b.kfunc('bpf_iter_task_next', OTHER);
  b.jump('jeq_k', 0, 0, 0, end);
  b.op('ldx32', 1, 0, b.plan.offsets.task.pid);
  b.op('stx32', FP, 1, b.stack(1));
  b.out.goto(start, false);
  b.arrive(end, false);
  b.loops--;
  b.stackAddress(1, it);
  b.kfunc('bpf_iter_task_destroy', NONE);
  if (!dice.wrong()) b.kfunc('bpf_rcu_read_unlock', NONE);
  b.take(it, 3, 0);
}

/** Argument of a tracing program that must be checked, or not trusted. */
function argument(b: Body): void {
  const { dice, kind } = b;
  if (kind.args === undefined) return;
  const at = b.fresh();
  if (!b.context(at)) return;
  b.op('ldx64', at, at, 8 * dice.below(kind.args.length + (dice.wrong() ? 1 : 0)));
  b.set(at, OTHER);
  const to = b.fresh();
  if (dice.chance(0.3)) b.op('ldx64', to, at, 8 * dice.below(10));
  b.set(to, OTHER);
  void checkNull;
}

const hasTask = (b: Body): boolean =>
  b.quiet === 0 && (b.kind.helpers.has('get_current_task_btf') || b.dice.wrong());

export const typedStatements: readonly Statement[] = [
  { name: 'typed/walk', weight: 14, when: hasTask, write: walk },
  { name: 'typed/probed', weight: 3, when: hasTask, write: probed },
  { name: 'typed/passed on', weight: 4, when: hasTask, write: passedOn },
  { name: 'typed/per CPU', weight: 1, when: (b) => b.quiet === 0 && b.dice.wrong(), write: perCpu },
  { name: 'typed/variable', weight: 1, quiet: true, when: (b) => b.dice.wrong(), write: variable },
  { name: 'typed/cast', weight: 2, when: (b) => b.quiet === 0, write: cast },
  {
    name: 'typed/tasks',
    weight: 2,
    when: (b) => b.quiet === 0 && b.loops < 2 && b.hasKfuncs('generic'),
    write: tasks,
  },
  {
    name: 'typed/argument',
    weight: 8,
    quiet: true,
    when: (b) => b.kind.args !== undefined && b.contextHome !== 'none',
    write: argument,
  },
];
