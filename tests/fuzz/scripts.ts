/**
 * Seeded mutations of scripts: what nobody would write. A target (the parser, later the whole compiler) must answer each
 * with diagnostics, never with an exception, and soon. The same seed makes the same texts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { casePath, readCases } from '../golden.ts';
import { readLanguageFiles } from '../language/case.ts';

export interface ScriptFuzz {
  readonly seed: number;
  readonly runs: number;
  /** Throws when a text makes it fail. */
  readonly target: (text: string) => void;
  /** Milliseconds one text may take. */
  readonly limit?: number;
}

export interface ScriptFuzzSummary {
  readonly runs: number;
  readonly slowest: number;
}

/** The text that broke the target, with what is needed to see it again. */
export class ScriptFuzzFailure extends Error {
  readonly text: string;

  constructor(seed: number, run: number, text: string, cause: unknown) {
    const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    super(`seed ${seed}, run ${run}: ${JSON.stringify(text)}\n${what}`, { cause });
    this.text = text;
  }
}

export function fuzzScripts({ seed, runs, target, limit = 2000 }: ScriptFuzz): ScriptFuzzSummary {
  const random = randomNumbers(seed);
  const seeds = seedScripts();
  let slowest = 0;
  for (let run = 0; run < runs; run++) {
    const text = mutated(seeds, random);
    const started = performance.now();
    try {
      target(text);
    } catch (error) {
      throw new ScriptFuzzFailure(seed, run, text, error);
    }
    const took = performance.now() - started;
    if (took > limit) throw new ScriptFuzzFailure(seed, run, text, `took ${took.toFixed(0)} ms`);
    slowest = Math.max(slowest, took);
  }
  return { runs, slowest };
}

/** The samples, the cases of the language, and the inputs of the syntax cases. */
export function seedScripts(): readonly string[] {
  const samples = join(import.meta.dirname, '../../samples');
  const files = readdirSync(samples, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.bt'))
    .sort();
  const cases = readdirSync(casePath('syntax'))
    .filter((file) => file.endsWith('.txt'))
    .sort();
  return [
    ...files.map((file) => readFileSync(join(samples, file), 'utf8')),
    'begin { unroll (60) { unroll (60) { @++; printf("%d", @); } } unroll (9) { for $i : 0..9 { unroll (9) { @[$i] = comm; } } } }',
    ...cases.flatMap((file) => readCases(`syntax/${file}`).map(({ input }) => input)),
    ...readLanguageFiles().flatMap((file) => file.cases.map(({ script }) => script)),
  ];
}

/** A whole number from 0 up to, without, `bound`. */
type Random = (bound: number) => number;

/** Marsaglia's xorshift32. */
function randomNumbers(seed: number): Random {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

function mutated(seeds: readonly string[], random: Random): string {
  let text = pick(seeds, random);
  for (let count = 1 + random(6); count > 0; count--) text = mutateOnce(text, seeds, random);
  return text;
}

const PIECES: readonly string[] = [
  ...'{}()[];:,./@$?=!~*&|^<>+-%"\'\\#_0 \n\t\0é𝄞',
  ...[
    '//',
    '/*',
    '*/',
    '->',
    '..',
    '++',
    '--',
    '<<=',
    '==',
    '?:',
    '/ {',
    '$#',
    '$1',
    '$0',
    '@x[',
    '"\\x',
    '\\\n',
  ],
  ...[
    'if ',
    'else ',
    'for ',
    'while ',
    'unroll ',
    'let ',
    'return ',
    'import ',
    'macro ',
    'fn ',
    'config = ',
  ],
  ...[
    'struct ',
    'sizeof(',
    'typeof(',
    'offsetof(',
    'comptime ',
    'true',
    'BEGIN',
    'kprobe:f',
    'args',
    'pid',
    '1e9',
    '0x',
  ],
  ...[
    'fn f($a : int64) : void { } ',
    'macro m($v, @m, e) { e } ',
    'struct s { int a : 3; char b[4]; struct s *c; }; ',
    'enum e { A, B = 7 }; ',
    'typedef int t; ',
    '#define X 4\n',
    '#include <linux/x.h>\n',
    'import "net";\n',
    '(struct task_struct *)curtask',
    '->parent',
    '.comm[0]',
    '*(uint8 *)',
    '(uint8[4])',
    '&$a',
    'let @a = lruhash(3);',
    'for ($kv : @a) { ',
    'for ($i : 0..3) { ',
    'getopt("n", 1)',
    'kstack(perf, 3)',
    'tseries(1, 1s, 3)',
    'typeinfo(',
    'is_ptr(',
    'uprobe:/bin/sh:main',
    'fentry:vmlinux:vfs_*',
    'retval',
    'arg0',
  ],
];

function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)]!;
}

function mutateOnce(text: string, seeds: readonly string[], random: Random): string {
  const at = random(text.length + 1);
  const end = Math.min(text.length, at + 1 + random(random(4) === 0 ? 60 : 6));
  const before = text.slice(0, at);
  const after = text.slice(end);
  const taken = text.slice(at, end);
  switch (random(9)) {
    case 0:
      return before + after;
    case 1:
      return before + pick(PIECES, random) + text.slice(at);
    case 2:
      return before + pick(PIECES, random) + after;
    case 3:
      return text.slice(0, end) + taken + after;
    case 4:
      return before;
    case 5:
      return text.slice(at);
    case 6: {
      const other = pick(seeds, random);
      const from = random(other.length + 1);
      return before + other.slice(from, from + random(80)) + text.slice(at);
    }
    case 7:
      return before + pick(PIECES, random).repeat(1 + random(300)) + after;
    default:
      return before + String.fromCharCode(random(random(2) === 0 ? 128 : 65536)) + after;
  }
}
