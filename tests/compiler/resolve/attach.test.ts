/** Attach points of every provider: what programs they become for Linux 6.1 and the sample binaries, or what is said. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../../compiler/compile.ts';
import { hostBinaries } from '../../../runtime/node/host-binaries.ts';
import { openSnapshotFile, snapshotPath } from '../../../runtime/node/snapshot-file.ts';
import { createSimKernel } from '../../../runtime/sim/sim-kernel.ts';
import { root } from '../../cli/support.ts';
import { goldenTests } from '../../golden.ts';
import { describeDiagnostics } from '../support.ts';

interface Options {
  readonly unsafe?: boolean;
  readonly params?: readonly string[];
  readonly release?: `${number}.${number}`;
  readonly on?: 'sim';
}

const folder = join(root, 'tests/data/user');
const snapshot = openSnapshotFile(snapshotPath('linux-6.1', ''));

/** Each part of a snapshot is made when it is asked for: copying the object would ask for all. */
const linux: KernelInfo = Object.create(snapshot, {
  binaries: { value: hostBinaries({ folder, searchPath: folder }) },
}) as KernelInfo;

function compileCase(
  text: string,
  { unsafe = false, params = [], release = '6.1', on }: Options,
): CompileResult {
  return compile({
    source: { name: 'stdin', text },
    kernel: on === 'sim' ? createSimKernel({ seed: 1, cpus: 2 }).describe() : linux,
    target: profileFor(release),
    unsafe,
    params,
  });
}

/** A program a line: type, section, number of points; the points' names when they are few. */
function describePrograms(result: CompileResult): string {
  return (result.object?.programs ?? [])
    .map(
      ({ type, section, attach }) =>
        `${type} ${section}: ${attach.map(pointText).slice(0, 3).join(' ')} ${attach.length}`,
    )
    .join('\n');
}

function pointText(point: object): string {
  return JSON.stringify(point, (_key, value: unknown) =>
    typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
  )
    .replaceAll('"', '')
    .replaceAll(`${folder}/`, '');
}

goldenTests('resolve/attach.txt', ({ input, options }) => {
  const result = compileCase(input, options as Options);
  const text = [describePrograms(result), describeDiagnostics(input, result)]
    .filter((one) => one !== '')
    .join('\n');
  return text.replaceAll(`${folder}/`, '');
});

test('more programs than max_bpf_progs are refused, as are more points than max_probes (2.3)', () => {
  const few = compileCase('config = { max_bpf_progs = 5; } kprobe:vfs_* { print(probe); }', {});
  expect(few.diagnostics.map(({ code }) => code)).toEqual(['BT0727']);
  const points = compileCase('config = { max_probes = 5; } kprobe:vfs_* { @ = count(); }', {});
  expect(points.diagnostics.map(({ code }) => code)).toEqual(['BT0262']);
});

test('a number that is an address leads where the addresses of its probe lead (2.6)', () => {
  const helpers = (text: string): readonly number[] =>
    compileCase(text, {}).object!.programs.flatMap(({ instructions }) =>
      instructions.flatMap(({ op, imm }) => (op === 'call' && imm >= 112 && imm <= 115 ? imm : [])),
    );
  // bpf_probe_read_user_str, bpf_probe_read_user; bpf_probe_read_kernel_str
  expect(helpers('uprobe:./sample-gcc-v5.so:walk { print(str(arg2)); print(buf(arg2, 4)); }')).toEqual([
    114, 112,
  ]);
  expect(helpers('kprobe:vfs_read { print(str(arg1)); }')).toEqual([115]);
});
