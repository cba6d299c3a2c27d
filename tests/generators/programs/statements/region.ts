/** Regions of a program: locks, RCU, no preemption, no interrupts. */
import { type Body, FP, memory, NONE, OTHER, UNKNOWN } from '../body.ts';
import { Layout } from '../types.ts';
import { mapValue } from './map.ts';
import type { Statement } from './statement.ts';

const Helper = { lock: 93, unlock: 94 } as const;

/** Statements inside, none of which may leave the region. */
export function within(b: Body, statements: number, quiet: boolean): void {
  const outer = b.bail;
  b.bail = undefined;
  b.references++;
  if (quiet && !b.dice.wrong()) b.quiet++;
  b.nesting++;
  const { held, quiet: depth } = b;
  b.plan.block(b, statements);
  b.held = held;
  b.quiet = depth;
  b.nesting--;
  if (quiet && b.quiet > 0) b.quiet--;
  b.references--;
  const failed = b.bail as ReturnType<Body['join']> | undefined;
  b.bail = outer;
  if (failed !== undefined) b.arrive(failed);
}

function locked(b: Body): void {
  const { dice } = b;
  const value = mapValue(b, 'locks');
  b.set(value, NONE);
  b.op('mov64_x', 1, value);
  if (dice.wrong()) b.op('add64_k', 1, 0, 0, 8);
  b.helper(Helper.lock, NONE);
  b.set(value, OTHER);
  const off = Layout.lock.data + 8 * dice.below(4);
  const to = b.home();
  b.op('ldx64', to, value, dice.wrong() ? 0 : off);
  b.set(to, UNKNOWN);
  within(b, dice.between(1, 2), true);
  b.op('stx64', value, b.scalar(), off);
  if (dice.wrong()) return;
  b.op('mov64_x', 1, value);
  b.helper(Helper.unlock, NONE);
  b.set(value, memory(Layout.lock.data, false));
  b.set(value, NONE);
}

const PAIRS: readonly (readonly [string, string])[] = [
  ['bpf_rcu_read_lock', 'bpf_rcu_read_unlock'],
  ['bpf_preempt_disable', 'bpf_preempt_enable'],
];

function kernelRegion(b: Body): void {
  const [enter, leave] = b.dice.of(PAIRS);
  b.kfunc(enter, NONE);
  within(b, b.dice.between(1, 2), false);
  if (b.dice.wrong()) return;
  b.kfunc(leave, NONE);
}

function interrupts(b: Body): void {
  const flags = b.stack(1);
  b.take(flags, 1);
  b.stackAddress(1, flags);
  b.kfunc('bpf_local_irq_save', NONE);
  within(b, b.dice.between(1, 2), false);
  b.take(flags, 1, 0);
  if (b.dice.wrong()) return;
  if (b.dice.wrong()) b.op('st64', FP, 0, flags, 0);
  b.stackAddress(1, flags);
  b.kfunc('bpf_local_irq_restore', NONE);
}

const shallow = (b: Body): boolean => b.nesting < 3 && b.quiet === 0 && b.plan.budget > 3;

export const regionStatements: readonly Statement[] = [
  {
    name: 'region/lock',
    weight: 8,
    when: (b) => shallow(b) && b.kind.locks && b.kind.helpers.has('spin_lock') && b.references === 0,
    write: locked,
  },
  { name: 'region/RCU or preemption', weight: 4, when: shallow, write: kernelRegion },
  { name: 'region/interrupts', weight: 2, when: shallow, write: interrupts },
];
