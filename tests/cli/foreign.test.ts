/** Objects of other compilers on the command line: relocated, configured, printing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, root } from './support.ts';

const RECORDING = 'tests/data/trace.dat';
const CORE = 'tests/data/objects/core-context.o';
const PRINTK = 'tests/data/objects/printk.o';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foreign-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

describe('an object with CO-RE relocations', () => {
  test('counts what a script counts', async () => {
    const script =
      'tracepoint:sched:sched_switch { @switches[args.next_pid] = count(); if (args.prev_state == 0) { @still_running = count(); } }';
    const want = await cli(['-q', '--on', RECORDING, '-e', script]);
    const { code, stdout } = await cli(['--on', RECORDING, '--target', 'linux-6.1', CORE]);
    expect(code).toBe(0);
    const counts = (text: string): readonly string[] =>
      lines(text)
        .map((line) => line.replace('@', ''))
        .filter((line) => /^(switches|still_running)/.test(line))
        .sort();
    expect(counts(stdout)).toEqual(counts(want.stdout));
    expect(counts(stdout).length).toBeGreaterThan(10);
    // The guard for a field that Linux has no more.
    expect(stdout).toContain('has_success: 0\n');
  });

  test('leaves out what no guard protects, and shows the place', async () => {
    const { stderr } = await cli(['--on', RECORDING, '--target', 'linux-6.1', CORE]);
    expect(stderr).toContain(
      'core-context.c:15:3-9: WARNING: unguarded: instruction 0: relocation would fail at run time: field success of struct trace_event_raw_sched_wakeup_template___old is not in Linux 6.1.0-56-cloud-amd64; guard it with bpf_core_field_exists\n  return ctx->success;',
    );
    expect(stderr).toContain(
      'unguarded (tracepoint/sched/sched_waking) is not run: its CO-RE relocations do not fit Linux 6.1.0-56-cloud-amd64\n',
    );
    expect(stderr).toContain('Attached 2 probes\n');
  });

  test('asks for types where the kernel tells none', async () => {
    const { code, stderr } = await cli(['--on', RECORDING, CORE]);
    expect(code).toBe(255);
    expect(stderr).toContain(
      'on_switch (tracepoint/sched/sched_switch) is not run: it has CO-RE relocations, and this kernel tells no types: give --target linux-6.1 or a snapshot of the machine\n',
    );
  });

  test('takes types of plain BTF, and says where they do not fit', async () => {
    // The object's own types: without the fields that the kernel has, with those it has not.
    const { stderr } = await cli(['--on', RECORDING, '--target', CORE, '--no-verify', CORE]);
    expect(stderr).not.toContain('is not run');
    expect(stderr).toContain('Attached 3 probes\n');
    // Fields at the places of these types are not what a tracepoint program may read.
    const verified = await cli(['--on', RECORDING, '--target', CORE, CORE]);
    expect(verified.code).toBe(1);
    expect(verified.stderr).toContain('refused: invalid bpf_context access off=0 size=4 [VE0801]');
  });

  test('warns of a recording of another kernel', async () => {
    const recorded = readFileSync(join(root, RECORDING));
    const other = join(folder, 'other.dat');
    writeFileSync(
      other,
      Buffer.from(recorded.toString('latin1').replace('6.1.0-56-cloud', '6.6.9-56-cloud'), 'latin1'),
    );
    const { stderr } = await cli(['--on', other, '--target', 'linux-6.1', CORE]);
    const warning = `WARNING: the types are of Linux 6.1.0, and the recording ${other} is of Linux 6.6.9: programs read the wrong bytes where these differ\n`;
    expect(stderr.split(warning).length).toBe(2);
    const { stderr: same } = await cli(['--on', RECORDING, '--target', 'linux-6.1', CORE]);
    expect(same).not.toContain('the types are of');
  });

  test('tells of kernel memory that is not there', async () => {
    const path = 'tests/data/objects/core-fields.o';
    const { stderr } = await cli(['--duration', '1ms', '--target', 'linux-6.1', path]);
    expect(stderr).toContain(
      'direct (tp_btf/sched_switch) is not run: it reads task_struct in kernel memory, which the simulated kernel does not have\n',
    );
  });

  test('refuses a target that is none', async () => {
    const { code, stderr } = await cli(['--on', RECORDING, '--target', 'tests/data/README.md', CORE]);
    expect(code).toBe(1);
    expect(stderr).toContain("ERROR: Cannot read the snapshot 'tests/data/README.md': ");
  });
});

describe('an object that prints', () => {
  test('prints as the trace pipe does', async () => {
    const { code, stdout, stderr } = await cli(['--on', RECORDING, PRINTK]);
    expect(code).toBe(0);
    const [first, second] = lines(stdout);
    expect(first).toMatch(
      /^ {7}trace-cmd-112 {5}\[000\] d[N.]s\d1 {5}9\.908460: bpf_trace_printk: 1\| {2}2\|abc\|4 {3}\|z$/,
    );
    expect(second).toMatch(
      /^ {7}trace-cmd-112 {5}\[000\] d\.\.\d1 {5}9\.908667: bpf_trace_printk: to rcu_preempt pid {4}15 100%$/,
    );
    expect(stdout).toContain('\nrefused: -22\n');
    const warning = 'WARNING: a program printed with the format "%f", which the kernel refuses\n';
    expect(stderr.split(warning).length).toBe(2);
  });

  test('prints one line for each event', async () => {
    const { stdout } = await cli(['--on', RECORDING, PRINTK]);
    const script =
      'tracepoint:sched:sched_switch { printf("to %s pid %5d 100%%\\n", args.next_comm, args.next_pid); }';
    const want = await cli(['-q', '--on', RECORDING, '-e', script]);
    const texts = lines(stdout).flatMap((line) => /bpf_trace_printk: (to .*)/.exec(line)?.[1] ?? []);
    expect(texts).toEqual(lines(want.stdout));
    expect(texts.length).toBeGreaterThan(1000);
  });

  test('prints JSON', async () => {
    const { stdout } = await cli(['-f', 'json', '--on', RECORDING, PRINTK]);
    const values = lines(stdout).map(
      (line) => JSON.parse(line) as { readonly type: string; readonly data: unknown },
    );
    expect(values.find(({ type }) => type === 'printk')).toEqual({
      type: 'printk',
      data: { comm: 'trace-cmd', tid: 112, cpu: 0, nsecs: expect.any(Number), text: '1|  2|abc|4   |z' },
    });
  });

  test('prints in the simulated kernel', async () => {
    const { code, stdout } = await cli(['--duration', '20ms', PRINTK]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +\S+-\d+ +\[00\d\] d\.\.21 +3600\.\d{6}: bpf_trace_printk: to /m);
  });
});

describe('an object that asks for the configuration', () => {
  const run = (...flags: readonly string[]): ReturnType<typeof cli> =>
    cli(['--on', RECORDING, ...flags, PRINTK]);

  test('has the release of the recording; weak values and kernel variables are missing', async () => {
    const { stdout } = await run();
    expect(stdout).toContain(`version: ${0x060100}\n`);
    expect(stdout).toContain('option: 0\n');
  });

  test('leaves out what needs a value, and says how to give it', async () => {
    const { stdout, stderr } = await run();
    expect(stderr).toContain(
      "on_exit (tracepoint/sched/sched_process_exit) is not run: it reads the kernel's configuration (CONFIG_HZ): give its text with --kconfig\n",
    );
    expect(stdout).toContain('hz: 0\n');
  });

  test.each([
    ['text', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
  ])('takes its values from %s', async (name, pack) => {
    const path = join(folder, name);
    writeFileSync(
      path,
      pack('# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_HZ=250\nCONFIG_NO_SUCH_OPTION=7\n'),
    );
    const { stdout, stderr } = await run('--kconfig', path);
    expect(stderr).not.toContain('is not run');
    expect(stdout).toContain('hz: 250\n');
    expect(stdout).toContain('option: 7\n');
  });

  test('says which value does not fit', async () => {
    const path = join(folder, 'odd');
    writeFileSync(path, 'CONFIG_HZ="many"\n');
    expect((await run('--kconfig', path)).stderr).toContain(
      'is not run: the kernel\'s configuration does not fit: CONFIG_HZ: is the text "many"\n',
    );
  });

  test('refuses a file that is no configuration', async () => {
    const { code, stderr } = await run('--kconfig', 'tests/data/README.md');
    expect(code).toBe(1);
    expect(stderr).toContain("'tests/data/README.md' is no configuration of a kernel");
  });

  test('scripts ask for none', async () => {
    const { code, stderr } = await cli(['--kconfig', PRINTK, '-e', 'BEGIN { exit() }']);
    expect(code).toBe(1);
    expect(stderr).toBe('ERROR: --kconfig is for object files of other compilers\n');
  });
});
