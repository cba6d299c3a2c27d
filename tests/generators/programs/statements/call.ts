/** Subprograms: static ones, global ones with types, callbacks of helpers. */
import { type Body, FP, memory, NONE, OTHER, UNKNOWN } from '../body.ts';
import type { CallbackSignature, PendingFunction } from '../plan.ts';
import { FUNCTIONS_EACH, PLAIN_SIZE, type Signature } from '../types.ts';
import { bounded } from './bound.ts';
import { mapValue } from './map.ts';
import type { Statement } from './statement.ts';

const Helper = { forEach: 164, loop: 181, findVma: 180, drain: 209 } as const;

/** Announces a function to be written later. */
export function announce(
  b: Body,
  role: PendingFunction['role'],
  signature: PendingFunction['signature'],
  size = 0,
): PendingFunction | undefined {
  const { plan, dice } = b;
  if (role !== 'global') {
    // Sometimes one that is there already.
    const again = plan.pending.filter(
      (one) => one.role === role && one.signature === signature && one.size === size && one.depth > b.depth,
    );
    if (again.length > 0 && dice.chance(0.4)) return dice.of(again);
  }
  if (plan.functions >= 2 * FUNCTIONS_EACH - 1) return undefined;
  plan.functions++;
  const made: PendingFunction = {
    label: plan.out.label(),
    role,
    signature,
    depth: b.depth + 1,
    slots: dice.wrong() ? 60 : Math.max(4, 20 - 5 * b.depth),
    size,
  };
  plan.pending.push(made);
  return made;
}

function callStatic(b: Body): void {
  const { dice } = b;
  switch (dice.below(4)) {
    case 0: {
      const target = announce(b, 'static', 'scalars');
      if (target === undefined) return;
      const a = b.scalar();
      b.op('mov64_x', 2, a);
      b.op('mov64_x', 1, dice.chance(0.4) ? bounded(b, 100) : 2);
      b.out.callLocal(target.label);
      break;
    }
    case 1: {
      // Memory of the caller's frame.
      const slots = dice.between(2, 4);
      const target = announce(b, 'static', 'pointer', slots * 8);
      if (target === undefined) return;
      const off = b.stack(slots);
      b.fill(off, slots);
      b.stackAddress(1, off);
      b.out.callLocal(target.label);
      break;
    }
    case 2: {
      if (b.contextHome === 'none') return;
      const target = announce(b, 'static', 'context');
      if (target === undefined || !b.context(1)) return;
      b.out.callLocal(target.label);
      break;
    }
    default: {
      const value = mapValue(b, 'array');
      const target = announce(b, 'static', 'value', 64);
      if (target === undefined) return;
      b.op('mov64_x', 1, value);
      b.out.callLocal(target.label);
    }
  }
  b.called(UNKNOWN);
}

const GLOBALS: readonly Signature[] = [
  'none',
  'scalars',
  'context',
  'memory',
  'nonnull',
  'dynptr',
  'trusted',
];

/** Programs whose context is not `void *` to their global functions. */
const UNNAMED: readonly string[] = ['tracing', 'raw_tracepoint'];

function callGlobal(b: Body): void {
  const { dice } = b;
  const signature = dice.of(GLOBALS);
  if (signature === 'context' && (b.contextHome === 'none' || UNNAMED.includes(b.kind.type)) && !dice.wrong())
    return;
  if (signature === 'trusted' && !b.can('get_current_task_btf')) return;
  const target = announce(b, 'global', signature);
  if (target === undefined) return;
  switch (signature) {
    case 'none':
      break;
    case 'scalars':
      b.op('mov64_x', 2, b.scalar());
      b.op('mov64_x', 1, 2);
      break;
    case 'context':
      if (!b.context(1)) return;
      break;
    case 'memory':
    case 'nonnull': {
      const off = b.stack(3);
      b.fill(off, 3);
      if (signature === 'memory' && dice.chance(0.2)) b.movK(1, 0);
      else b.stackAddress(1, dice.wrong() ? -8 : off);
      b.movK(2, 3);
      break;
    }
    case 'dynptr': {
      const off = b.stack(2);
      b.mapValue(1, 'data', 0);
      b.movK(2, PLAIN_SIZE);
      b.movK(3, 0);
      b.stackAddress(4, off);
      b.helper(197);
      b.stackAddress(1, off);
      break;
    }
    default:
      b.helper(158, OTHER);
      b.op('mov64_x', 1, 0);
  }
  b.out.callLocal(target.label);
  b.called(UNKNOWN);
}

function callback(
  b: Body,
  name: string,
  id: number,
  signature: CallbackSignature,
  before: () => boolean,
  at: number,
): void {
  if (!b.can(name)) return;
  const shares = b.dice.chance(0.7);
  const target = announce(b, 'callback', signature, shares ? 16 : 0);
  if (target === undefined) return;
  const off = b.stack(2);
  b.fill(off, 2);
  b.take(off, 2);
  const ready = before();
  b.take(off, 2, 0);
  if (!ready) return;
  b.out.functionAddress(at, target.label);
  if (shares || b.dice.wrong()) b.stackAddress(at + 1, off);
  else b.movK(at + 1, 0);
  b.movK(at + 2, b.dice.wrong() ? 1 : 0);
  b.helper(id);
  // What the callback may have written.
  if (b.dice.chance(0.5)) {
    const to = b.home();
    b.op('ldx64', to, FP, off);
    b.set(to, UNKNOWN);
  }
}

function loop(b: Body): void {
  const { dice } = b;
  callback(
    b,
    'loop',
    Helper.loop,
    'loop',
    () => {
      if (dice.chance(0.6)) b.movK(1, dice.of([1, 4, 10, 100, 1 << 20]));
      else b.op('mov64_x', 1, bounded(b, 1000));
      return true;
    },
    2,
  );
}

function forEach(b: Body): void {
  const name = b.dice.wrong() ? 'queue' : b.dice.of(['array', 'hash', 'percpu_array', 'lru_hash'] as const);
  callback(
    b,
    'for_each_map_elem',
    Helper.forEach,
    'element',
    () => {
      b.map(1, name);
      return true;
    },
    2,
  );
}

function findVma(b: Body): void {
  callback(
    b,
    'find_vma',
    Helper.findVma,
    'vma',
    () => {
      b.helper(158, OTHER);
      b.op('mov64_x', 1, 0);
      b.movK(2, 4096);
      return true;
    },
    3,
  );
}

function drain(b: Body): void {
  callback(
    b,
    'user_ringbuf_drain',
    Helper.drain,
    'record',
    () => {
      b.map(1, 'user_ring');
      return true;
    },
    2,
  );
}

/** What a function finds in its registers. */
export function enter(b: Body, { role, signature, size }: PendingFunction): void {
  for (let i = 0; i < 10; i++) b.set(i, NONE);
  switch (signature) {
    case 'scalars':
      b.set(1, UNKNOWN);
      b.set(2, UNKNOWN);
      return;
    case 'context':
      return;
    case 'pointer':
      keep(b, 1, size, true);
      return;
    case 'value':
      keep(b, 1, size, true);
      return;
    case 'memory':
      // NULL as far as the function knows.
      if (!b.dice.wrong()) b.jump('jeq_k', 1, 0, 0, b.giveUp());
      keep(b, 1, PLAIN_SIZE, true);
      return;
    case 'nonnull':
      b.set(2, UNKNOWN);
      keep(b, 1, PLAIN_SIZE, true);
      return;
    case 'loop':
      b.set(1, UNKNOWN);
      shared(b, 2, size);
      return;
    case 'element':
      if (role === 'callback') keep(b, 3, b.dice.wrong() ? 64 : 24, true);
      shared(b, 4, size);
      return;
    case 'vma':
      shared(b, 3, size);
      return;
    case 'record':
      shared(b, 2, size);
      return;
    case 'dynptr':
    case 'trusted':
    case 'none':
    case 'timer':
    case 'work':
    case 'less':
      return;
  }
}

/** Memory of the frame that passed the callback. */
function shared(b: Body, register: number, size: number): void {
  if (size === 0 && !b.dice.wrong()) return;
  keep(b, register, 16, true);
}

function keep(b: Body, register: number, size: number, writable: boolean): void {
  const home = b.home();
  b.op('mov64_x', home, register);
  b.set(home, memory(size, writable));
  b.drop(home);
}

const callable = (b: Body): boolean => b.depth < 3 && b.plan.budget > 4;

export const callStatements: readonly Statement[] = [
  { name: 'call/static', weight: 10, when: callable, write: callStatic },
  { name: 'call/global', weight: 7, when: callable, write: callGlobal },
  { name: 'callback/loop', weight: 5, when: callable, write: loop },
  { name: 'callback/element', weight: 5, when: callable, write: forEach },
  {
    name: 'callback/vma',
    weight: 2,
    when: (b) => callable(b) && b.kind.helpers.has('find_vma'),
    write: findVma,
  },
  { name: 'callback/record', weight: 2, when: callable, write: drain },
];
