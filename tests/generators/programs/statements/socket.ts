/** Sockets: of the context, and looked up. */
import { type Body, memory, NONE, OTHER, UNKNOWN } from '../body.ts';
import { checkNull } from './map.ts';
import { owned } from './owned.ts';

/** Keeps a value with the socket of the context. */
export function socketStorage(b: Body): void {
  const offset = b.kind.context?.fields.find(({ name, kind }) => name === 'sk' && kind === 'socket')?.offset;
  if (offset === undefined || !b.can('sk_storage_get')) return;
  const context = b.fresh();
  if (!b.context(context)) return;
  const socket = b.home();
  b.op('ldx64', socket, context, offset);
  b.set(socket, OTHER);
  if (!b.dice.wrong()) b.jump('jeq_k', socket, 0, 0, b.giveUp());
  const to = b.fresh();
  b.op('ldx32', to, socket, b.dice.wrong() ? 84 : b.dice.of([4, 0]));
  b.set(to, UNKNOWN);
  if (b.kind.type.includes('skb') || b.kind.type.startsWith('sched')) {
    b.op('mov64_x', 1, socket);
    b.helper(95, OTHER);
    b.jump('jeq_k', 0, 0, 0, b.giveUp());
    b.op('mov64_x', socket, 0);
  }
  b.op('mov64_x', 2, socket);
  b.map(1, 'sk_storage');
  b.movK(3, 0);
  b.movK(4, 1);
  b.helper(107, OTHER);
  checkNull(b, memory(8, true));
  b.op('ldx64', to, 0, 0);
  b.set(to, UNKNOWN);
  b.set(socket, NONE);
}

/** Looks a socket up; it must be let go. */
export function socketLookup(b: Body): void {
  const { dice } = b;
  if (!b.can('sk_lookup_tcp') || b.contextHome === 'none') return;
  const off = b.stack(2);
  b.fill(off, 2);
  b.stackAddress(2, off);
  b.movK(3, dice.wrong() ? 13 : 12);
  b.op('mov64_k', 4, 0, 0, -1);
  b.movK(5, 0);
  if (!b.context(1)) return;
  b.helper(dice.of([84, 85, 99]), OTHER);
  owned(
    b,
    (register) => {
      const to = b.fresh();
      b.op('ldx32', to, register, dice.of([4, 0, 24]));
      b.set(to, UNKNOWN);
    },
    () => b.helper(86, NONE),
  );
}
