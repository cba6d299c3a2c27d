/** Reads and writes of the context, right and wrong ones. */
import type { ContextField } from '../../../../bpf/contexts.ts';
import { programType } from '../../../../bpf/programs.ts';
import { type Body, OTHER, UNKNOWN } from '../body.ts';
import type { Statement } from './statement.ts';

const LOAD = { 1: 'ldx8', 2: 'ldx16', 4: 'ldx32', 8: 'ldx64' } as const;
const STORE = { 1: 'stx8', 2: 'stx16', 4: 'stx32', 8: 'stx64' } as const;
const WIDTHS = [1, 2, 4, 8] as const;

/** A scalar of the context in a held register; undefined where there is none to read. */
export function contextRead(b: Body): number | undefined {
  const place = readable(b);
  if (place === undefined) return undefined;
  const base = b.fresh();
  if (!b.context(base)) return undefined;
  const to = b.dice.chance(0.5) ? base : b.fresh();
  b.op(LOAD[place.bytes], to, base, place.off);
  b.set(to, place.scalar ? UNKNOWN : OTHER);
  return place.scalar ? to : undefined;
}

interface Place {
  readonly off: number;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly scalar: boolean;
}

function readable(b: Body): Place | undefined {
  const { dice, kind } = b;
  if (dice.wrong())
    return { off: dice.below(kind.contextSize + 16) - 4, bytes: dice.of(WIDTHS), scalar: true };
  if (kind.args !== undefined) {
    const scalars = kind.args.flatMap((arg, i) => (arg === 'scalar' ? [i] : []));
    return scalars.length === 0 ? undefined : { off: dice.of(scalars) * 8, bytes: 8, scalar: true };
  }
  if (kind.type === 'tracepoint') {
    const bytes = dice.of(WIDTHS);
    return { off: 8 + bytes * dice.below(Math.floor(48 / bytes)), bytes, scalar: true };
  }
  if (kind.type === 'syscall') return { off: 8 * dice.below(8), bytes: dice.of(WIDTHS), scalar: true };
  const fields = READABLE.get(kind.type) ?? readableFields(b);
  if (fields.length === 0) return undefined;
  const field = dice.of(fields);
  const off = field.offset + field.size * dice.below(field.count);
  const narrow = field.size === 8 && dice.chance(0.1) && kind.type === 'kprobe';
  return { off, bytes: narrow ? 4 : field.size, scalar: true };
}

/** Readable for some attach types only, or in part. */
const RESTRICTED: readonly string[] = ['egress_ifindex', 'cs', 'ss', 'regs.cs', 'regs.ss'];

/** By program type; filled when first asked for. */
const READABLE = new Map<string, readonly ContextField[]>();

function readableFields({ kind }: Body): readonly ContextField[] {
  const { unreadable } = programType(kind.type);
  const fields = (kind.context?.fields ?? []).filter(
    (field) =>
      field.kind === 'scalar' &&
      !unreadable.includes(field.name) &&
      field.name !== 'cookie' &&
      !RESTRICTED.includes(field.name),
  );
  READABLE.set(kind.type, fields);
  return fields;
}

function writeContext(b: Body): void {
  const { writable } = programType(b.kind.type);
  const fields = b.kind.context?.fields.filter((field) => writable.includes(field.name)) ?? [];
  const base = b.fresh();
  const value = b.scalar();
  if (!b.context(base)) return;
  if (fields.length === 0 || b.dice.wrong()) {
    b.op('stx32', base, value, 4 * b.dice.below(40));
    return;
  }
  const field = b.dice.of(fields);
  b.op(STORE[field.size], base, value, field.offset);
}

function passContextAround(b: Body): void {
  const { dice } = b;
  const base = b.fresh();
  if (!b.context(base)) return;
  // A context may be spilled and filled; what is added to it must be taken away, or the type must allow it.
  const off = b.stack(1);
  b.op('stx64', 10, base, off);
  const to = b.fresh();
  b.op('ldx64', to, 10, off);
  b.set(to, OTHER);
  if (dice.chance(0.5) || dice.wrong()) b.op('add64_k', to, 0, 0, dice.of([0, 8, 16]));
  b.op('ldx64', to, to, 8);
  b.set(to, UNKNOWN);
  b.op('stx64', 10, to, off);
}

export const contextStatements: readonly Statement[] = [
  { name: 'context/read', weight: 16, quiet: true, when: hasContext, write: (b) => void contextRead(b) },
  {
    name: 'context/write',
    weight: 4,
    quiet: true,
    when: (b) =>
      hasContext(b) &&
      ((programType(b.kind.type).writable.length > 0 && b.kind.type !== 'kprobe') || b.dice.wrong()),
    write: writeContext,
  },
  {
    name: 'context/offset',
    weight: 2,
    quiet: true,
    when: (b) => hasContext(b) && ['tracepoint', 'syscall'].includes(b.kind.type),
    write: passContextAround,
  },
];

function hasContext(b: Body): boolean {
  return b.contextHome !== 'none';
}
