/** A process of its own: compiles one script for Linux 6.1 and prints the milliseconds of CPU that took, and those when warm. */
import { readFileSync } from 'node:fs';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { bundledSnapshot, openSnapshotFile } from '../../runtime/node/snapshot-file.ts';

const [file = '', warmRounds = '0'] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const kernel = openSnapshotFile(bundledSnapshot('linux-6.1')!);

/** Of the thread that compiles: a busy machine does not make it longer. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function once(): number {
  const start = cpuMs();
  const result = compile({ source: { name: file, text }, kernel, target: profileFor('6.1') });
  const took = cpuMs() - start;
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return took;
}

const cold = once();
const warm = Array.from({ length: Number(warmRounds) }, once);
process.stdout.write(`${JSON.stringify({ cold, warm: warm.length === 0 ? cold : Math.min(...warm) })}\n`);
