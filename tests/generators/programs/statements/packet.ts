/** Packets: ranges proven against the end, moving data, the old loads. */
import { type Body, memory, NONE, OTHER, UNKNOWN } from '../body.ts';
import { bounded } from './bound.ts';
import type { Statement } from './statement.ts';
import { LOADS, STORES } from './widths.ts';

/** data and data_end in held registers. */
function ends(b: Body): readonly [number, number] | undefined {
  const { packet } = b.kind;
  if (packet === undefined) return undefined;
  const data = b.home();
  const end = b.fresh();
  const wide = packet.end - packet.data === 8;
  if (!b.context(data)) return undefined;
  b.op(wide ? 'ldx64' : 'ldx32', end, data, packet.end);
  b.op(wide ? 'ldx64' : 'ldx32', data, data, packet.data);
  b.set(data, OTHER);
  b.set(end, OTHER);
  return [data, end];
}

/** `if data + bytes > end: give up`, in every way it can be written. */
function prove(b: Body, p: number, end: number, bytes: number): void {
  const { dice } = b;
  const limit = b.fresh();
  b.op('mov64_x', limit, p);
  b.op('add64_k', limit, 0, 0, dice.wrong() ? bytes - 1 : bytes);
  b.set(limit, OTHER);
  b.drop(limit);
  switch (dice.wrong() ? 4 : dice.below(4)) {
    case 0:
      b.jump('jgt_x', limit, end, 0, b.giveUp());
      return;
    case 1:
      b.jump('jlt_x', end, limit, 0, b.giveUp());
      return;
    case 2: {
      const fits = b.join();
      b.jump('jle_x', limit, end, 0, fits);
      if (b.references === 0 && b.quiet === 0) b.leave();
      else b.goto(b.giveUp());
      b.arrive(fits, false);
      return;
    }
    case 3: {
      const fits = b.join();
      b.jump('jge_x', end, limit, 0, fits);
      b.goto(b.giveUp());
      b.arrive(fits, false);
      return;
    }
    default:
      b.jump(dice.of(['jge_x', 'jlt_x', 'jeq_x'] as const), limit, end, 0, b.giveUp());
  }
}

function fixed(b: Body): void {
  const { dice } = b;
  const at = ends(b);
  if (at === undefined) return;
  const [data, end] = at;
  const size = dice.of([1, 4, 8, 14, 20, 34, 54]);
  prove(b, data, end, size);
  b.set(data, memory(size, b.kind.packet!.writable));
  const count = dice.between(1, 4);
  for (let i = 0; i < count; i++) {
    const width = dice.below(4);
    const bytes = 1 << width;
    if (bytes > size) continue;
    const off = dice.wrong() ? size - bytes + 1 : dice.below(size - bytes + 1);
    const writes = b.kind.packet!.writable ? dice.chance(0.25) : dice.wrong();
    if (writes) b.op(STORES[width]!, data, b.scalar(), off);
    else {
      const to = b.fresh();
      b.op(LOADS[width]!, to, data, off);
      b.set(to, UNKNOWN);
      b.drop(to);
    }
  }
  b.set(data, NONE);
}

/** A header whose length the packet tells. */
function variable(b: Body): void {
  const { dice } = b;
  const at = ends(b);
  if (at === undefined) return;
  const [data, end] = at;
  prove(b, data, end, 20);
  const length = b.fresh();
  b.op('ldx8', length, data, dice.below(20));
  b.set(length, UNKNOWN);
  if (dice.chance(0.7)) b.op('and64_k', length, 0, 0, 15);
  if (dice.chance(0.5)) b.op('lsh64_k', length, 0, 0, 2);
  const next = b.fresh();
  b.op('mov64_x', next, data);
  b.op('add64_x', next, length);
  b.set(next, OTHER);
  prove(b, next, end, 8);
  b.op(dice.of(['ldx8', 'ldx16', 'ldx32', 'ldx64'] as const), length, next, 0);
  if (dice.chance(0.3)) {
    const index = bounded(b, 1000);
    b.op('add64_x', next, index);
    prove(b, next, end, 4);
    b.op('ldx32', length, next, 0);
  }
  b.set(length, UNKNOWN);
  b.set(next, NONE);
  b.set(data, NONE);
}

/** Bytes of the packet one after another. */
function walk(b: Body): void {
  const { dice } = b;
  const at = ends(b);
  if (at === undefined) return;
  const [data, end] = at;
  const sum = b.fresh();
  b.movK(sum, 0);
  const done = b.join();
  const rounds = dice.between(2, 8);
  const byte = b.fresh();
  for (let i = 0; i < rounds; i++) {
    b.op('mov64_x', byte, data);
    b.op('add64_k', byte, 0, 0, 1);
    b.set(byte, OTHER);
    if (!dice.wrong()) b.jump('jgt_x', byte, end, 0, done);
    b.op('ldx8', byte, data, 0);
    b.op('add64_x', sum, byte);
    b.op('add64_k', data, 0, 0, 1);
  }
  b.set(byte, NONE);
  b.arrive(done);
  b.set(sum, UNKNOWN);
  b.set(data, NONE);
}

function metadata(b: Body): void {
  const { packet } = b.kind;
  if (packet?.meta === undefined) return;
  const meta = b.home();
  const data = b.fresh();
  if (!b.context(meta)) return;
  b.op('ldx32', data, meta, packet.data);
  b.op('ldx32', meta, meta, packet.meta);
  b.set(meta, OTHER);
  b.set(data, OTHER);
  prove(b, meta, data, 4);
  const to = b.fresh();
  b.op('ldx32', to, meta, b.dice.wrong() ? 4 : 0);
  b.set(to, UNKNOWN);
  b.set(meta, NONE);
}

function absolute(b: Body): void {
  const { dice } = b;
  // It takes the context from r6.
  if (b.contextHome !== 'r6' && !dice.wrong()) return;
  const src = b.scalar();
  if (dice.chance(0.5))
    b.op(dice.of(['ldabs8', 'ldabs16', 'ldabs32'] as const), 0, 0, 0, dice.of([0, 12, 14, 23]));
  else b.op(dice.of(['ldind8', 'ldind16', 'ldind32'] as const), 0, src, 0, dice.of([0, 14]));
  b.called(UNKNOWN);
}

const hasPacket = (b: Body): boolean => b.kind.packet !== undefined && b.contextHome !== 'none';
const OLD = ['socket_filter', 'sched_cls', 'sched_act', 'cgroup_skb'];

export const packetStatements: readonly Statement[] = [
  { name: 'packet/fixed', weight: 30, quiet: true, when: hasPacket, write: fixed },
  { name: 'packet/variable', weight: 20, quiet: true, when: hasPacket, write: variable },
  { name: 'packet/walk', weight: 8, quiet: true, when: hasPacket, write: walk },
  { name: 'packet/metadata', weight: 6, quiet: true, when: hasPacket, write: metadata },
  {
    name: 'packet/absolute',
    weight: 14,
    // Not in functions: 6.18.44 writes to wild memory when it walks back over one that ended a function.
    when: (b) => OLD.includes(b.kind.type) && b.depth === 0 && b.references === 0 && b.quiet === 0,
    write: absolute,
  },
];
