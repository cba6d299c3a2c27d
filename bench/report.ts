/** Printing a recording of 51,706 events: `bpfkit report` against `trace-cmd report`, whole processes, output thrown away. */
import { join } from 'node:path';
import { measureCommands } from './measure.ts';

const ROOT: string = join(import.meta.dirname, '..');
const RECORDING: string = join(ROOT, 'tests/data/trace.dat');
const ROUNDS = 9;

export async function run(options: { readonly json: boolean }): Promise<void> {
  const rows = measureCommands(
    [
      { name: 'trace-cmd report', argv: ['trace-cmd', 'report', RECORDING] },
      {
        name: 'bpfkit report',
        argv: [process.execPath, join(ROOT, 'dist/bin/bpfkit.js'), 'report', RECORDING],
      },
    ],
    ROUNDS,
  );
  const [peer] = rows;
  const report = rows.map((row) => ({ ...row, ratio: row.ms / peer!.ms }));
  const line = (row: (typeof report)[number]): string =>
    `${row.name.padEnd(18)} ${row.ms.toFixed(0).padStart(6)} ms ${row.ratio.toFixed(2).padStart(6)}x ${row.peakMiB.toFixed(0).padStart(6)} MiB\n`;
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : report.map(line).join(''));
}
