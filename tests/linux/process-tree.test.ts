/** Builtins about the current task (language.md §2.9) run by this machine's kernel: they are what /proc tells of it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBtf } from '../../bpf/btf/read.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { kernelTypes } from './kernel-types.ts';
import { type RunOptions, runScript } from './run-script.ts';

const reason = LinuxBpf.reason();
const sources = kernelTypes();
const running = sources.get('running');

let bpf: LinuxBpf | undefined;
beforeAll(async () => {
  if (reason === undefined) bpf = await LinuxBpf.start();
});
afterAll(() => bpf?.close());

describe.skipIf(reason !== undefined || running === undefined).each<[string, () => RunOptions]>([
  ['types of this kernel', () => ({ types: readBtf(running!()) })],
  [
    'types of Linux 6.1, relocated',
    () => ({ types: readBtf(sources.get('6.1')!()), relocateFor: readBtf(running!()) }),
  ],
])('with %s', (_, options) => {
  test('the process, its leader and its parent', async () => {
    const script = `BEGIN {
      @pid = pid; @tid = tid; @init = pid(init); @own = tid(curr_ns); @ppid = ppid; @pcomm = pcomm; @leader = leader_comm;
      @leaderTid = leader_tid; @comm = comm(curtask); @parent = pcomm(curtask->real_parent);
      @grand = ppid(curtask->real_parent); @node = numaid; @uid = uid; @gid = gid; @child = has_cpid;
      if (pcomm == "bpfrun") { @equal = 1; } @key = (pcomm, ppid); @fast = jiffies > 0;
    }`;
    const found = await runScript(bpf!, script, options());
    const pid = found['@pid']!;
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const ppid = /^PPid:\s*(\d+)$/m.exec(status)![1]!;
    const parent = readFileSync(`/proc/${ppid}/status`, 'latin1');
    expect(found).toMatchObject({
      '@tid': pid,
      '@init': pid,
      '@own': pid,
      '@ppid': ppid,
      '@pcomm': 'bpfrun',
      '@leader': 'bpfrun',
      '@leaderTid': pid,
      '@comm': 'bpfrun',
      '@parent': /^Name:\s*(.*)$/m.exec(parent)![1]!,
      '@grand': /^PPid:\s*(\d+)$/m.exec(parent)![1]!,
      '@node': '0',
      '@uid': '0',
      '@gid': '0',
      '@child': 'false',
      '@equal': '1',
      '@fast': 'true',
    });
  });
});
