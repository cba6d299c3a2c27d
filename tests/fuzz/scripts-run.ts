/** `node tests/fuzz/scripts-run.ts [RUNS] [SEED]`: mutated scripts through the parser. */
import { DiagnosticList } from '../../bpf/diagnostic.ts';
import { parseScript } from '../../compiler/syntax/parse.ts';
import { printScript } from '../../compiler/syntax/print-ast.ts';
import { fuzzScripts } from './scripts.ts';

const [runs = '10000', seed = '1'] = process.argv.slice(2);
const target = (text: string): void => {
  printScript(parseScript({ name: 'fuzz', text }, 0, new DiagnosticList()));
};
const started = performance.now();
const summary = fuzzScripts({ seed: Number(seed), runs: Number(runs), target });
const seconds = (performance.now() - started) / 1000;
console.log(
  `${summary.runs} scripts in ${seconds.toFixed(1)} s, the slowest ${summary.slowest.toFixed(0)} ms`,
);
