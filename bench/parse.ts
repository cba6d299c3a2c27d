/**
 * What the parser costs a process that parses one line: loading chevrotain and the grammar, constructing lexer and
 * parser (recording and analysis), the first parse; then its speed once warm. Measured on the bundle users run.
 * The peer is bare Node: everything above it is the parser's.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { measureCommands, median } from './measure.ts';

const ROOT: string = join(import.meta.dirname, '..');
const ROUNDS = 15;
const ONE_LINER = 'kprobe:vfs_read /pid == 3/ { @bytes[comm] = hist(arg2); printf("%d\\n", (1, $1).0) }';

/** Milliseconds of each step in one process. */
interface Steps {
  readonly import: number;
  readonly construct: number;
  readonly firstParse: number;
  /** Of a long script made of the samples. */
  readonly megabytesPerSecond: number;
}

const STEPS: readonly (keyof Steps)[] = ['import', 'construct', 'firstParse', 'megabytesPerSecond'];

/** Run in a process of its own; `script` is parsed once cold, `long` many times. */
const PROBE = `
const [, , bundle, script, long] = process.argv;
const { readFileSync } = await import('node:fs');
const sink = { report() {} };
const t0 = performance.now();
const { createGrammar, parseScript } = await import(bundle);
const t1 = performance.now();
const grammar = createGrammar();
const t2 = performance.now();
parseScript({ name: 'bench', text: script }, 0, sink, { grammar });
const t3 = performance.now();
const text = readFileSync(long, 'utf8');
let best = Infinity;
for (let round = 0; round < 8; round++) {
  const start = performance.now();
  parseScript({ name: 'bench', text }, 0, sink, { grammar });
  best = Math.min(best, performance.now() - start);
}
console.log(JSON.stringify({ import: t1 - t0, construct: t2 - t1, firstParse: t3 - t2, megabytesPerSecond: text.length / best / 1e3 }));
`;

const ONCE = `
const [, , bundle, script] = process.argv;
const { parseScript } = await import(bundle);
parseScript({ name: 'bench', text: script }, 0, { report() {} });
`;

export async function run(options: { readonly json: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bpfkit-bench-'));
  try {
    const report = await measure(folder);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : printed(report));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Report extends Steps {
  readonly bareNodeMs: number;
  readonly processMs: number;
  /** Whole process over bare Node. */
  readonly ratio: number;
}

async function measure(folder: string): Promise<Report> {
  const bundle = join(folder, 'parse.mjs');
  const files = {
    probe: join(folder, 'probe.mjs'),
    once: join(folder, 'once.mjs'),
    long: join(folder, 'long.bt'),
  };
  await bundleParser(bundle);
  writeFileSync(files.probe, PROBE);
  writeFileSync(files.once, ONCE);
  writeFileSync(files.long, longScript());
  const steps = Array.from({ length: ROUNDS }, () => {
    const argv = [files.probe, bundle, ONE_LINER, files.long];
    return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' })) as Steps;
  });
  const [bare, whole] = measureCommands(
    [
      { name: 'node -e 0', argv: [process.execPath, '-e', '0'] },
      { name: 'parse one line', argv: [process.execPath, files.once, bundle, ONE_LINER] },
    ],
    ROUNDS,
  );
  const medians = Object.fromEntries(STEPS.map((step) => [step, median(steps.map((each) => each[step]))]));
  return {
    ...(medians as unknown as Steps),
    bareNodeMs: bare!.ms,
    processMs: whole!.ms,
    ratio: whole!.ms / bare!.ms,
  };
}

async function bundleParser(file: string): Promise<void> {
  const build = await rolldown({ input: join(ROOT, 'compiler/syntax/parse.ts'), platform: 'node' });
  await build.write({ file, format: 'esm', minify: true });
  await build.close();
}

/** The samples over and over, about 300 kB. */
function longScript(): string {
  const folder = join(ROOT, 'samples');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.bt'),
  );
  const text = files
    .map((file) => readFileSync(join(folder, file), 'utf8').replace(/^#.*\n/gm, ''))
    .join('\n');
  return `${text}\n`.repeat(Math.ceil(300_000 / text.length));
}

function printed(report: Report): string {
  const cold = report.import + report.construct + report.firstParse;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return [
    `load the bundle        ${ms(report.import)}`,
    `construct the grammar  ${ms(report.construct)}`,
    `first parse            ${ms(report.firstParse)}`,
    `together               ${ms(cold)}`,
    `warm                   ${report.megabytesPerSecond.toFixed(1)} MB/s`,
    `whole process          ${ms(report.processMs)}, ${report.ratio.toFixed(2)} x bare node (${ms(report.bareNodeMs)})`,
    '',
  ].join('\n');
}
