/** `config`: the script's settings as a record, known when it is compiled. */
import { into } from '../lower/memory.ts';
import type { Expression, RecordExpression } from '../syntax/ast.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

function settingsRecord(
  span: CallSite['span'],
  values: ReadonlyMap<string, bigint | boolean | string>,
): RecordExpression {
  const literal = (value: bigint | boolean | string): Expression => {
    if (typeof value === 'bigint') return { kind: 'integer', span, value };
    if (typeof value === 'boolean') return { kind: 'boolean', span, value };
    return { kind: 'string', span, bytes: new TextEncoder().encode(value) };
  };
  const fields = [...values].map(([name, value]) => ({
    name: { span, name },
    value: literal(value),
  }));
  return { kind: 'record', span, fields };
}

export const CONFIG_ENTRIES: readonly LibraryEntry[] = [
  {
    name: 'config',
    kind: 'builtin',
    signature: 'config',
    doc: "The script's settings: `config.max_strlen`.",
    arguments: { min: 0, max: 0 },
    check: ({ node, span }, checker) => {
      const { rewritten } = checker.unit;
      const known = rewritten.get(node) ?? settingsRecord(span, checker.model.settings.values);
      rewritten.set(node, known);
      return checker.type(known);
    },
    into: ({ node }, low, place, type) => into(low, low.unit.rewritten.get(node)!, place, type),
  },
];
