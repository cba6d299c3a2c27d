/** What `bpfkit explain` shows is run: the wrong script makes the diagnostic, the right one does not and has no error. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { describeKernel } from '../../cli/kernels.ts';
import { type CheckResult, check } from '../../compiler/check-script.ts';
import { explain } from '../../compiler/diagnostics/explain.ts';
import { hostBinaries } from '../../runtime/node/host-binaries.ts';
import { bundledSnapshot, openSnapshotFile } from '../../runtime/node/snapshot-file.ts';
import { type MessageExample, readExamples } from '../../scripts/message-examples.ts';
import { readMessages } from '../../scripts/messages.ts';
import { root } from '../cli/support.ts';

const FOLDER = join(root, 'compiler/messages');
const binaries = join(root, 'tests/data/user');
const linux = Object.create(openSnapshotFile(bundledSnapshot('linux-6.1')!), {
  binaries: { value: hostBinaries({ folder: binaries, searchPath: binaries }) },
}) as KernelInfo;
const io = { stdout: () => undefined, stderr: () => undefined, env: {}, cwd: root };
const recording = (await describeKernel({ on: 'tests/data/trace.dat' }, io)).info;
const examples = readExamples(FOLDER);

function run(
  text: string,
  { on, kernel, unsafe = false, params = [] }: MessageExample['options'],
): CheckResult {
  return check({
    source: { name: 'stdin', text },
    target: profileFor(kernel ?? '6.1'),
    kernel: on === undefined ? linux : recording,
    params,
    unsafe,
  });
}

/** No script makes them alone: they are of files, of other kernels, of sizes no example has, or bugs of ours. */
const WITHOUT: Readonly<Record<string, string>> = {
  BT0123: 'two hundred parentheses',
  BT0224: 'what is missing changes from version to version',
  BT0226: 'a recording without thread groups',
  BT0227: 'a recording of some thread groups',
  BT0255: 'kept for objects of older versions',
  BT0260: 'a stack that large takes a page of script',
  BT0261: 'a bug of ours',
  BT0263: 'two variables that only name each other in ways the checker cannot follow',
  BT0268: 'what the target lacks is told at its place first',
  BT0269: 'thousands of statements',
  BT0272: 'helpers of program types that scripts do not choose',
  BT0290: 'a recording without dates',
  BT0296: 'a hundred thousand statements',
  BT0298: 'a text of the function tracer',
  BT0299: 'thousands of statements',
  BT0301: 'an object file of another kernel',
  BT0302: 'an object file of another kernel',
  BT0605: 'macros that grow',
  BT0607: 'macros given types for values',
  BT0612: 'types that only maps hold',
  BT0622: 'macros that grow',
  BT0629: 'files that include one another',
  BT0630: 'large files',
  BT0636: 'headers with assertions of their own',
  BT0641: 'a folder of one machine',
  BT0642: 'imported files',
  BT0643: 'files of one machine',
  BT0644: 'files of one machine',
  BT0645: 'files of one machine',
  BT0646: 'a folder of one machine',
  BT0647: 'files that import one another',
  BT0648: 'large files',
  BT0702: 'nothing in Linux 6.1 is known and never fires',
  BT0708: 'a kernel without types',
  BT0709: 'modules of one machine',
  BT0712: 'another machine',
  BT0714: 'a program whose symbols have no sizes',
  BT0717: 'a process named by -p',
  BT0732: 'a USDT argument in a vector register',
  BT0803: 'a recording without stacks',
  BT0805: 'a kernel that is not live',
  BT0806: 'symbols of one machine',
  BT0807: 'a kernel without symbols',
  BT1504: 'told by the parser first',
  BT1505: 'told of pointers of structures that differ',
  BT1510: 'types that only modules know',
  BT1512: 'a member that is no name',
  BT0738: 'line tables of one binary',
  BT2101: 'a request of --batch',
  BT2102: 'a bug of ours',
};

describe.each(examples)('$code', ({ code, options, wrong, right }) => {
  const codes = (text: string): string[] => run(text, options).diagnostics.map((one) => one.code);

  test('is made by the wrong script', () => {
    expect(codes(wrong)).toContain(code);
  });

  test('is not made by the right one', () => {
    const { diagnostics } = run(right, options);
    expect(diagnostics.filter((one) => one.severity === 'error').map(({ message }) => message)).toEqual([]);
    expect(diagnostics.map((one) => one.code)).not.toContain(code);
  });

  test('is shown by explain', async () => {
    expect(await explain(code)).toContain(wrong.split('\n')[0]);
  });
});

test('every diagnostic has an example, or a reason for none', () => {
  const known = new Set([...examples.map(({ code }) => code), ...Object.keys(WITHOUT)]);
  const without = readMessages(FOLDER).filter(({ code }) => !known.has(code));
  expect(without.map(({ code, name }) => `${code} ${name}`)).toEqual([]);
});
