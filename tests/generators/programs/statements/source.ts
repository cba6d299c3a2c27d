/** Where scalars that nobody knows come from, in a register of the statement's own. */
import { type Body, FP, scalar, UNKNOWN } from '../body.ts';
import { contextRead } from './context.ts';

/** Helpers without arguments that return a number, by id. */
const NUMBERS: readonly (readonly [name: string, id: number, limit: number])[] = [
  ['get_prandom_u32', 7, 0xffff_ffff],
  ['ktime_get_ns', 5, Number.POSITIVE_INFINITY],
  ['get_smp_processor_id', 8, 0xffff_ffff],
  ['get_current_pid_tgid', 14, Number.POSITIVE_INFINITY],
  ['get_current_uid_gid', 15, Number.POSITIVE_INFINITY],
  ['jiffies64', 118, Number.POSITIVE_INFINITY],
  ['ktime_get_boot_ns', 125, Number.POSITIVE_INFINITY],
  ['get_numa_node_id', 42, 0xffff_ffff],
  ['get_current_cgroup_id', 80, Number.POSITIVE_INFINITY],
];

/** A scalar in a held register. */
export function unknown(b: Body): number {
  const { dice } = b;
  switch (dice.below(8)) {
    case 0:
    case 1:
      if (b.quiet === 0 || dice.wrong()) return fromHelper(b);
      return b.scalarCopy();
    case 2:
      return contextRead(b) ?? fromStack(b);
    case 3:
    case 4:
      return fromStack(b);
    default:
      return b.scalarCopy();
  }
}

function fromHelper(b: Body): number {
  const [name, id] = b.dice.of(NUMBERS);
  if (!b.can(name)) return fromStack(b);
  const to = b.isFree(0) && b.dice.chance(0.3) ? b.hold(0) : b.home();
  b.helper(id);
  if (to !== 0) b.mov(to, 0);
  b.set(to, UNKNOWN);
  return to;
}

const LOADS = ['ldx8', 'ldx16', 'ldx32', 'ldx64', 'ldsx8', 'ldsx16', 'ldsx32'] as const;
const BYTES = [1, 2, 4, 8, 1, 2, 4] as const;
const LIMITS = [0xff, 0xffff, 0xffff_ffff] as const;

/** A load of any width from a slot that was just written, or was not. */
function fromStack(b: Body): number {
  const { dice } = b;
  const off = b.stack(1);
  if (dice.chance(0.8)) b.op('stx64', FP, b.scalar(), off);
  const to = b.fresh();
  const which = dice.below(LOADS.length);
  const bytes = BYTES[which]!;
  const inner = dice.wrong() ? dice.below(8) : bytes * dice.below(8 / bytes);
  b.op(LOADS[which]!, to, FP, off + inner);
  b.set(to, which < 3 ? scalar(LIMITS[which]!) : UNKNOWN);
  return to;
}
