/**
 * Makes `docs/language.md` from the tables of the compiler (library, providers, config, operators) and the rows of
 * `scripts/language/`: one row an item of the language. The state of a row is what the compiler says of its script; its proof
 * is a golden case that uses it. A test fails when the file is older than its sources. Run `npx node scripts/language-docs.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import { profileFor } from '../bpf/profiles/index.ts';
import { check } from '../compiler/check-script.ts';
import type { ScriptFiles } from '../compiler/files.ts';
import { LIBRARY } from '../compiler/library/index.ts';
import { PROVIDERS } from '../compiler/resolve/providers/index.ts';
import { SETTINGS } from '../compiler/resolve/settings-table.ts';
import { BINARY_STRENGTH } from '../compiler/syntax/precedence.ts';
import { hostBinaries } from '../runtime/node/host-binaries.ts';
import { bundledSnapshot, openSnapshotFile } from '../runtime/node/snapshot-file.ts';
import { createCatalog } from '../runtime/sim/catalog.ts';
import { simCgroupId } from '../runtime/sim/identities.ts';
import { simKernelInfo } from '../runtime/sim/sim-info.ts';
import { DECISIONS } from './language/decisions.ts';
import { BUILTINS, CALLS, FUNCTIONS, MACHINE, OUTPUT, PROBES } from './language/output-rows.ts';
import { type ProvingCase, provingCases } from './language/proofs.ts';
import { inBegin, type Row, row, type Section } from './language/row.ts';
import { SYNTAX } from './language/syntax-rows.ts';

const ROOT: string = join(import.meta.dirname, '..');
export const LANGUAGE_FILE: string = join(ROOT, 'docs/language.md');

type State = 'yes' | 'live kernel' | 'not yet';

/** All sections in their order. */
export function sections(): readonly Section[] {
  const calls = (names: readonly string[]): Row[] => names.map(callRow);
  const all: Section[] = [
    ...SYNTAX,
    { number: '2.4', title: 'Probes', rows: PROVIDERS.map(providerRow) },
    { number: '2.9', title: 'Builtins', rows: calls(BUILTINS) },
    { number: '2.10', title: 'Functions', rows: calls(FUNCTIONS) },
    { number: '2.15', title: 'Config variables', rows: configRows() },
    ...OUTPUT,
  ];
  const key = ({ number }: Section): number => Number(number.split('.')[1]);
  return all.sort((left, right) => key(left) - key(right));
}

function providerRow({ name, aliases, forms, data }: (typeof PROVIDERS)[number]): Row {
  const words = [name, ...aliases].join('|');
  const form = forms.map((one) => `\`${one}\``).join(', ');
  const item = aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`;
  return row(item, form, PROBES[name] ?? '', new RegExp(`^\\s*(${words})(:\\S*)?\\s*[{,/]`, 'im'), {
    ...(data.length > 0 && { note: data.join(', ') }),
  });
}

function callRow(name: string): Row {
  const entry = LIBRARY.find((one) => one.name === name);
  const form = entry === undefined ? `\`${name}\`` : `\`${entry.signature}\``;
  const script = CALLS[name] ?? inBegin(`print(${name});`);
  const note = entry?.doc;
  return row(
    `${name}${entry?.unsafe ? ' (unsafe)' : ''}`,
    form,
    script,
    new RegExp(`(?<![:\\w@$])${name}\\b`),
    {
      ...(note !== undefined && { note }),
    },
  );
}

function configRows(): Row[] {
  return Object.entries(SETTINGS).map(([name, { initial, doc }]) => {
    const value = /^\w+$/.test(initial) ? initial : JSON.stringify(initial);
    const proof = new RegExp(`\\b${name}\\b`);
    return row(name, `\`${name} = ${value}\``, `config = { ${name} = ${value} }\nBEGIN { }`, proof, {
      note: doc,
    });
  });
}

interface Kernels {
  /** Has all a live kernel has, but for being one. */
  readonly target: KernelInfo;
  readonly simulated: KernelInfo;
}

/** With the sample programs of the tests and the one cgroup that every machine has, the same everywhere. */
function asLive(kernel: KernelInfo): KernelInfo {
  const folder = join(ROOT, 'tests/data/user');
  return Object.create(kernel, {
    binaries: { value: hostBinaries({ folder, searchPath: folder }), enumerable: true },
    cgroupId: { value: simCgroupId, enumerable: true },
  }) as KernelInfo;
}

/** What the compiler says of a row's script: for the simulated kernel, or for Linux 6.1 at least. */
function stateOf({ item, script }: Row, { target, simulated }: Kernels): State {
  if (!isTaken(script, target)) return MACHINE.has(item) ? 'live kernel' : 'not yet';
  return isTaken(script, simulated) ? 'yes' : 'live kernel';
}

/** Files that the scripts of rows name. */
const FILES: Readonly<Record<string, string>> = {
  'lib.bt': 'macro twice(n) { n * 2 }',
  'types.h': '#define SIDES 2\n',
  'lib/a.bt': 'macro twice(n) { n * 2 }',
  'lib/b.h': '#define SIDES 2\n',
};
const ROW_FILES: ScriptFiles = {
  stat: (path) => {
    if (path === 'lib') return { kind: 'directory', size: 0, worldWritable: false };
    const text = FILES[path];
    return text === undefined ? undefined : { kind: 'file', size: text.length, worldWritable: false };
  },
  read: (path) => FILES[path],
  list: (path) => Object.keys(FILES).flatMap((name) => name.split(`${path}/`)[1] ?? []),
};

function isTaken(text: string, kernel: KernelInfo): boolean {
  return check({
    source: { name: 'row', text },
    files: ROW_FILES,
    target: profileFor('6.1'),
    kernel,
    unsafe: true,
    lints: new Set(),
  }).ok;
}

export function generateLanguage(): string {
  const kernels: Kernels = {
    target: asLive(openSnapshotFile(bundledSnapshot('linux-6.1')!)),
    simulated: simKernelInfo(createCatalog(), 4),
  };
  const cases = provingCases();
  const rows = sections().map((section) => ({
    ...section,
    rows: section.rows.map((one) => ({ row: one, state: stateOf(one, kernels), proof: proofOf(one, cases) })),
  }));
  const count = (state: State): number =>
    rows.reduce((sum, section) => sum + section.rows.filter((one) => one.state === state).length, 0);
  const head = `# The language

Made by \`scripts/language-docs.ts\` from the tables of the compiler. Do not edit. Numbers are the sections of the language's
inventory. **State**: *yes* runs in the simulated kernel; *live kernel* compiles for Linux 6.1 and needs
a live one, or a recording that has it (cgroupid and dw_ustack ask the running machine itself); *not yet* is refused at its place. **Proof** is a golden case or test that uses the item.

${count('yes')} yes, ${count('live kernel')} live kernel, ${count('not yet')} not yet.
`;
  return [head, ...rows.map(printSection), operators(), DECISIONS].join('\n');
}

interface Judged {
  readonly row: Row;
  readonly state: State;
  readonly proof: string;
}

function printSection({
  number,
  title,
  rows,
}: {
  number: string;
  title: string;
  rows: readonly Judged[];
}): string {
  const lines = rows.map(({ row: { item, form, note = '' }, state, proof }) => {
    return `| ${[item, form, state, note, proof].map(cell).join(' | ')} |`;
  });
  return `## ${number} ${title}\n\n| item | form | state | | proof |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The first case that uses the item: one named after the section first. */
function proofOf({ proof, note }: Row, cases: readonly ProvingCase[]): string {
  const found = cases.find(({ script }) => proof.test(script));
  if (found !== undefined) return `${found.file}: ${found.name}`;
  return /^tests\//.test(note ?? '') ? '' : 'tests/docs/language.test.ts';
}

function operators(): string {
  const levels = new Map<number, string[]>();
  for (const [operator, strength] of Object.entries(BINARY_STRENGTH))
    levels.set(strength, [...(levels.get(strength) ?? []), operator]);
  const binary = [...levels]
    .sort(([a], [b]) => a - b)
    .map(([, names]) => names.map((one) => `\`${one}\``).join(' '));
  const lines = ['`?:`', ...binary, 'unary `++ -- & * - ! ~` and casts', 'postfix `. -> [] ++ -- .N`'];
  return `## Operators, weakest first\n\n${lines.map((line, index) => `${index + 1}. ${line}`).join('\n')}\n`;
}

/** Files of tests that a row's note names. */
export function namedTests(): readonly string[] {
  const notes = sections().flatMap(({ rows }) => rows.map(({ note = '' }) => note));
  return notes.flatMap((note) => note.match(/tests\/[\w./-]+\.(?:ts|txt)/g) ?? []);
}

if (import.meta.main) {
  mkdirSync(join(ROOT, 'docs'), { recursive: true });
  writeFileSync(LANGUAGE_FILE, generateLanguage());
}
