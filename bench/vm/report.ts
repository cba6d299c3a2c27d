/** What was measured -> ratios, geometric means, JSON and a table. */

export interface Row {
  readonly name: string;
  /** Instructions that one run executes. */
  readonly insns: number;
  /** Nanoseconds a run, by engine. */
  readonly ns: Readonly<Record<string, number>>;
}

export interface Report {
  readonly programs: readonly (Row & { readonly ratios: Readonly<Record<string, number>> })[];
  readonly geomean: Readonly<Record<string, number>>;
}

/** What is compared with what, as far as both are there. */
export const PAIRS: readonly (readonly [string, string])[] = [
  ['jit', 'kernel'],
  ['jit-batch', 'kernel'],
  ['checked', 'kernel'],
  ['binaryen', 'kernel'],
  ['checked', 'jit'],
  ['jit', 'ubpf'],
  ['resident', 'c'],
  ['reference', 'c'],
  ['c', 'kernel'],
];

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export function reportOf(rows: readonly Row[]): Report {
  const programs = rows.map((row) => ({ ...row, ratios: ratiosOf(row.ns) }));
  const geomean: Record<string, number> = {};
  for (const [a, b] of PAIRS) {
    const name = `${a}/${b}`;
    const values = programs.flatMap(({ ratios }) => ratios[name] ?? []);
    if (values.length > 0) geomean[name] = geometricMean(values);
  }
  return { programs, geomean };
}

function ratiosOf(ns: Row['ns']): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const [a, b] of PAIRS) {
    const [left, right] = [ns[a], ns[b]];
    if (left !== undefined && right !== undefined) ratios[`${a}/${b}`] = left / right;
  }
  return ratios;
}

/** Three tables: nanoseconds a run, nanoseconds an instruction, ratios with their geometric means. */
export function tables({ programs, geomean }: Report): string {
  const engines = [...new Set(programs.flatMap(({ ns }) => Object.keys(ns)))];
  const pairs = Object.keys(geomean);
  const times = programs.map(({ name, insns, ns }) => [
    name,
    String(insns),
    ...engines.map((engine) => cell(ns[engine], timeText)),
  ]);
  const each = programs.map(({ name, insns, ns }) => [
    name,
    ...engines.map((engine) => cell(ns[engine], (value) => (value / insns).toFixed(2))),
  ]);
  const two = (value: number): string => value.toFixed(2);
  const ratios = [
    ...programs.map((one) => [one.name, ...pairs.map((pair) => cell(one.ratios[pair], two))]),
    ['geometric mean', ...pairs.map((pair) => two(geomean[pair]!))],
  ];
  return [
    table(['ns a run', 'insns', ...engines], times),
    table(['ns an insn', ...engines], each),
    ...(pairs.length > 0 ? [table(['ratio', ...pairs], ratios)] : []),
  ].join('\n');
}

function cell(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? '' : text(value);
}

function timeText(ns: number): string {
  if (ns < 100) return ns.toFixed(1);
  return ns < 10_000 ? ns.toFixed(0) : `${(ns / 1000).toFixed(1)}k`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((text, column) =>
    Math.max(text.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
