/** Whether both sides wrote the same records. */
import type { Action, RecordField, ScriptInfo } from '../../compiler/script-info.ts';
import { Cursor, word } from './cursor.ts';

/** Numbers of 0.17's other records: its `AsyncAction`. */
const ASYNC: Readonly<Record<number, Action['kind']>> = {
  30000: 'exit',
  30001: 'print-map',
  30002: 'clear-map',
  30003: 'zero-map',
  30004: 'time',
  30005: 'join',
  30007: 'print-value',
};

/** The first difference of the records. */
export function recordDifference(
  info: ScriptInfo,
  ours: readonly Uint8Array[],
  theirs: readonly Uint8Array[],
): string | undefined {
  if (ours.length !== theirs.length) return `${ours.length} records, with bpftrace ${theirs.length}`;
  for (const [index, record] of ours.entries()) {
    const action = info.actions[Number(word(record, 0))]!;
    const other = theirs[index]!;
    const kind = kindOf(Number(word(other, 0)));
    if (kind !== action.kind) return `record ${index} is ${action.kind}, with bpftrace ${kind}`;
    if (action.kind === 'printf' && action.args.every(isPlain) && !canBeRead(record, action.args, other))
      return `record ${index} has other values`;
  }
  return undefined;
}

/** Formatted ones count from a base of their own. */
function kindOf(id: number): Action['kind'] | undefined {
  if (id < 10_000) return 'printf';
  if (id < 20_000) return 'system';
  return id < 30_000 ? 'cat' : ASYNC[id];
}

/** A number or a text; user space makes one of other things. */
function isPlain({ type }: RecordField): boolean {
  return ['integer', 'boolean', 'string', 'pointer'].includes(type.kind);
}

/**
 * 0.17 gives builtins 8 bytes and fields their own, each at its alignment: their record agrees when some such reading of
 * it gives our values.
 */
function canBeRead(ours: Uint8Array, fields: readonly RecordField[], theirs: Uint8Array): boolean {
  const wanted = fields.map(({ offset, type }) => new Cursor(ours).seek(offset).read(type));
  const from = (field: number, at: number): boolean => {
    if (field === fields.length) return at <= theirs.length;
    const { type } = fields[field]!;
    if (type.kind === 'string') {
      if (at + type.size > theirs.length) return false;
      return new Cursor(theirs).seek(at).read(type) === wanted[field] && from(field + 1, at + type.size);
    }
    const signed = type.kind === 'integer' && type.signed;
    return [8, 4, 2, 1].some((size) => {
      const start = Math.ceil(at / size) * size;
      if (start + size > theirs.length) return false;
      const value = new Cursor(theirs).seek(start).integer(size, signed);
      return value === wanted[field] && from(field + 1, start + size);
    });
  };
  return from(0, 8);
}
