/** Branches and loops around other statements. */
import type { OpName } from '../../../../bpf/opcodes.ts';
import { type Body, FP, type Join, NONE, OTHER, scalar, UNKNOWN } from '../body.ts';
import { bounded } from './bound.ts';
import { unknown } from './source.ts';
import type { Statement } from './statement.ts';

const COMPARISONS = [
  'jeq',
  'jne',
  'jgt',
  'jge',
  'jlt',
  'jle',
  'jset',
  'jsgt',
  'jsge',
  'jslt',
  'jsle',
] as const;
const VALUES = [
  0,
  1,
  2,
  5,
  10,
  16,
  63,
  64,
  100,
  255,
  4096,
  65535,
  0x7fff_ffff,
  -1,
  -5,
  -128,
  -(2 ** 31),
] as const;

/** Jumps to `to` when some condition holds on scalars at hand. */
function condition(b: Body, to: Join): void {
  const { dice } = b;
  const left = dice.chance(0.3) ? unknown(b) : b.scalar();
  const suffix = dice.chance(0.3) ? '32' : '';
  const comparison = dice.of(COMPARISONS);
  if (dice.chance(0.6)) b.jump(`${comparison}${suffix}_k` as OpName, left, 0, dice.of(VALUES), to);
  else b.jump(`${comparison}${suffix}_x` as OpName, left, b.scalar(), 0, to);
}

function nested(b: Body, statements: number): void {
  b.nesting++;
  const { held } = b;
  b.plan.block(b, statements);
  b.held = held;
  b.nesting--;
}

function branch(b: Body): void {
  const { dice } = b;
  const other = b.join();
  condition(b, other);
  nested(b, dice.between(1, 3));
  if (dice.chance(0.4)) {
    const end = b.join();
    b.goto(end);
    b.arrive(other, false);
    nested(b, dice.between(1, 3));
    b.arrive(end);
    return;
  }
  b.arrive(other);
}

function early(b: Body): void {
  const on = b.join();
  condition(b, on);
  b.leave();
  b.arrive(on, false);
}

/** Diamonds one after another: where pruning earns its keep. */
function diamonds(b: Body): void {
  const { dice } = b;
  const count = dice.between(2, 6);
  const target = b.home();
  b.movK(target, 0);
  for (let i = 0; i < count; i++) {
    const on = b.join();
    condition(b, on);
    b.op(dice.of(['add64_k', 'or64_k', 'xor64_k', 'mov64_k'] as const), target, 0, 0, 1 << i);
    b.arrive(on);
  }
  b.set(target, UNKNOWN);
  if (dice.chance(0.3)) {
    const index = bounded(b, 63);
    b.op('stx8', FP, target, b.stack(8));
    b.drop(index);
  }
}

/** A chain of comparisons with one register: a switch. */
function cases(b: Body): void {
  const { dice } = b;
  const register = b.scalarCopy();
  const end = b.join();
  const count = dice.between(2, 5);
  for (let i = 0; i < count; i++) {
    const next = b.join();
    b.jump(dice.chance(0.2) ? 'jne32_k' : 'jne_k', register, 0, i * dice.between(1, 3), next);
    nested(b, 1);
    b.goto(end);
    b.arrive(next, false);
  }
  b.arrive(end);
}

/** Before a loop: only what every round leaves as it is may be relied on. */
function forget(b: Body): void {
  for (let i = 0; i < 6; i++) b.set(i, NONE);
  for (let i = 6; i < 10; i++) {
    const { kind } = b.values[i]!;
    if (kind === 'scalar') b.set(i, UNKNOWN);
    else if (kind !== 'context') b.set(i, NONE);
  }
  b.spills.fill(undefined);
}

/** At its end: what a round lost is made again. */
function restoreHomes(b: Body, head: readonly boolean[]): void {
  for (let i = 6; i < 10; i++) {
    if (head[i] === true && b.values[i]!.kind !== 'scalar' && !b.dice.wrong()) b.movK(i, 0);
  }
}

function scalarHomes(b: Body): readonly boolean[] {
  return b.values.map(({ kind }) => kind === 'scalar');
}

/** A counter in a home or on the stack; all rounds are walked. */
function counted(b: Body): void {
  const { dice } = b;
  const onStack = dice.chance(0.3);
  const counter = b.home();
  const off = onStack ? b.stack(1) : 0;
  if (onStack) b.take(off, 1);
  const rounds =
    dice.chance(0.06) && b.loops === 0 ? dice.between(20, 120) : dice.between(2, b.loops > 0 ? 3 : 8);
  b.movK(counter, 0);
  if (onStack) b.op('stx64', FP, counter, off);
  b.loops++;
  forget(b);
  const head = scalarHomes(b);
  const start = b.out.label();
  b.out.place(start);
  if (onStack) b.drop(counter);
  nested(b, rounds > 8 ? 1 : dice.between(1, 2));
  restoreHomes(b, head);
  if (onStack) b.op('ldx64', b.hold(counter), FP, off);
  if (!dice.wrong()) b.op('add64_k', counter, 0, 0, 1);
  if (onStack && !dice.wrong()) b.op('stx64', FP, counter, off);
  const name = dice.of(['jlt_k', 'jne_k', 'jslt_k', 'jlt32_k'] as const);
  b.out.jump(name, counter, 0, rounds, start);
  b.loops--;
  if (onStack) b.take(off, 1, 0);
  b.set(counter, scalar(rounds));
}

/** Ends when something unknown says so, and after so many rounds at the latest. */
function searching(b: Body): void {
  const { dice } = b;
  const counter = b.home();
  const limit = bounded(b, dice.of([3, 7, 15]));
  const most = b.home();
  b.mov(most, limit);
  b.movK(counter, 0);
  b.loops++;
  forget(b);
  b.set(counter, scalar(16));
  b.set(most, scalar(16));
  const head = scalarHomes(b);
  const start = b.out.label();
  const end = b.join();
  b.out.place(start);
  b.jump('jge_x', counter, most, 0, end);
  nested(b, dice.between(1, 2));
  if (dice.chance(0.4)) condition(b, end);
  restoreHomes(b, head);
  b.op('add64_k', counter, 0, 0, 1);
  b.out.goto(start, false);
  b.arrive(end, false);
  b.loops--;
}

function mayGoto(b: Body): void {
  const { dice } = b;
  b.loops++;
  const counter = b.home();
  b.movK(counter, 0);
  forget(b);
  b.set(counter, UNKNOWN);
  const head = scalarHomes(b);
  const start = b.out.label();
  const end = b.join();
  b.out.place(start);
  b.leaveFor(end);
  b.out.jump('may_goto', 0, 0, 0, end.label);
  nested(b, dice.between(1, 2));
  restoreHomes(b, head);
  // A number that grows without end keeps the rounds apart, once it matters.
  if (dice.chance(0.3)) {
    b.op('add64_k', counter, 0, 0, 1);
    b.jump('jgt_k', counter, 0, dice.between(3, 12), end);
  }
  b.out.goto(start, false);
  b.arrive(end, false);
  b.loops--;
}

/** bpf_for: the kernel's own iterator of numbers. */
function iterator(b: Body): void {
  const { dice } = b;
  const it = b.stack(1);
  b.take(it, 1);
  b.stackAddress(1, it);
  if (dice.chance(0.3)) {
    const last = bounded(b, 1000);
    b.op('mov64_x', 3, last);
    b.stackAddress(1, it);
  } else b.movK(3, dice.of([1, 3, 10, 1000]));
  b.movK(2, 0);
  b.kfunc('bpf_iter_num_new', UNKNOWN);
  b.loops++;
  forget(b);
  const head = scalarHomes(b);
  const start = b.out.label();
  const end = b.join();
  b.out.place(start);
  b.stackAddress(1, it);
  b.kfunc('bpf_iter_num_next', OTHER);
  if (!dice.wrong()) b.jump('jeq_k', 0, 0, 0, end);
  const value = b.home();
  b.op('ldx32', value, 0, 0);
  b.set(value, scalar(1000));
  b.references++;
  nested(b, dice.between(1, 3));
  b.references--;
  b.drop(value);
  if (dice.chance(0.2)) condition(b, end);
  restoreHomes(b, head);
  b.out.goto(start, dice.chance(0.1) && b.mark('gotol'));
  b.arrive(end, false);
  b.loops--;
  if (!dice.wrong()) {
    b.stackAddress(1, it);
    b.kfunc('bpf_iter_num_destroy', NONE);
  }
  b.take(it, 1, 0);
}

const shallow = (b: Body): boolean => b.nesting < 3 && b.plan.budget > 3;
const loopable = (b: Body): boolean => shallow(b) && b.loops < 2;

export const branchStatements: readonly Statement[] = [
  { name: 'branch', weight: 24, quiet: true, when: shallow, write: branch },
  { name: 'branch/early exit', weight: 5, when: (b) => b.references === 0 || b.dice.wrong(), write: early },
  { name: 'branch/diamonds', weight: 6, quiet: true, write: diamonds },
  { name: 'branch/cases', weight: 4, quiet: true, when: shallow, write: cases },
  { name: 'loop/counted', weight: 8, quiet: true, when: loopable, write: counted },
  { name: 'loop/searching', weight: 4, quiet: true, when: loopable, write: searching },
  { name: 'loop/may_goto', weight: 4, quiet: true, when: loopable, write: mayGoto },
  { name: 'loop/iterator', weight: 5, when: (b) => loopable(b) && b.quiet === 0, write: iterator },
];
