/** Whole-process start-up against bare Node, with the built command line. */
import { fileURLToPath } from 'node:url';
import { measureCommands } from './measure.ts';

const bin = fileURLToPath(new URL('../dist/bin/bpfkit.js', import.meta.url));
const node = process.execPath;
const ROUNDS = 15;

export async function run(options: { readonly json: boolean }): Promise<void> {
  const script = 'BEGIN { printf("hello\\n"); }';
  const counting = 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }';
  const [base, ...rest] = measureCommands(
    [
      { name: 'node -e 0', argv: [node, '-e', '0'] },
      { name: 'bpfkit --version', argv: [node, bin, '--version'] },
      { name: 'bpfkit compile (one-liner)', argv: [node, bin, 'compile', '-e', counting] },
      { name: 'bpfkit -e BEGIN', argv: [node, bin, '-q', '-e', script] },
    ],
    ROUNDS,
  );
  const rows = rest.map((row) => ({ name: row.name, ratio: row.ms / base!.ms, peakMiB: row.peakMiB }));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ peer: base!.name, rows })}\n`);
    return;
  }
  process.stdout.write(`start-up against ${base!.name} (peak ${base!.peakMiB.toFixed(0)} MiB)\n`);
  for (const row of rows) {
    process.stdout.write(
      `  ${row.name.padEnd(30)} ${row.ratio.toFixed(2)}x  peak ${row.peakMiB.toFixed(0)} MiB\n`,
    );
  }
}
