/** The command line as a user meets it: flags, lists, refusals, exit codes. */
import { describe, expect, test } from 'vitest';
import { cli } from './support.ts';

const RECORDING = 'tests/data/trace.dat';

describe('refusals', () => {
  test.each<[string, readonly string[], string]>([
    ['no script', [], 'Filename or -e'],
    ['an unknown flag', ['--nope', '-e', 'BEGIN{}'], '--nope'],
    ['a missing script', ['nowhere.bt'], "Failed to open file 'nowhere.bt': No such file or directory"],
    ['a missing recording', ['--on', 'nowhere.dat', '-e', 'BEGIN{}'], 'No such file or directory'],
    [
      'a recording that is none',
      ['--on', 'package.json', '-e', 'BEGIN{}'],
      "Cannot read the recording 'package.json'",
    ],
    [
      'results over the recording',
      ['--on', RECORDING, '-o', RECORDING, '-e', 'BEGIN{}'],
      'is the recording itself',
    ],
    ['results over the script', ['-o', 'samples/opens.bt', 'samples/opens.bt'], 'is the script itself'],
    ['an unknown format', ['-f', 'xml', '-e', 'BEGIN{}'], 'Invalid output format "xml"'],
    ['-c and -p', ['-c', 'true', '-p', '1', '-e', 'BEGIN{}'], 'Cannot use both -c and -p'],
    ['-k and --no-warnings', ['-k', '--no-warnings', '-e', 'BEGIN{}'], 'Cannot use both'],
    ['an odd duration', ['--duration', 'soon', '-e', 'BEGIN{}'], "Invalid duration 'soon'"],
    ['an odd CPU count', ['--cpus', '0', '-e', 'BEGIN{}'], "Invalid value '0' for --cpus"],
    ['an odd release', ['--kernel', 'six', '-e', 'BEGIN{}'], "Invalid kernel release 'six'"],
    ['a release out of the table', ['--kernel', '99.1', '-e', 'BEGIN{}'], 'Kernel release 99.1 is not known'],
    ['a flag before a command', ['--on', RECORDING, 'list'], "--on stands before 'list'"],
    ['--on linux', ['--on', 'linux', '-e', 'BEGIN{}'], '--on linux is not supported yet'],
    ['an ELF file to disassemble', ['disasm', '/bin/sh'], 'is an ELF file'],
    ['an unknown code to explain', ['explain', 'nosuch'], 'There is no diagnostic nosuch'],
  ])('%s', async (_name, argv, message) => {
    const result = await cli(argv);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
    expect(result.stdout).toBe('');
  });
});

describe('-l', () => {
  test('-lv prints arguments', async () => {
    const result = await cli(['--on', RECORDING, '-lv', 'tracepoint:sched:sched_wakeup']);
    expect(result.stdout).toBe(
      'tracepoint:sched:sched_wakeup\n    char comm[16]\n    pid_t pid\n    int prio\n    int target_cpu\n',
    );
  });

  test('a script lists its probes', async () => {
    const result = await cli(['--on', RECORDING, '-l', 'samples/syscall-latency.bt']);
    expect(result.stdout).toBe('tracepoint:raw_syscalls:sys_enter\ntracepoint:raw_syscalls:sys_exit\nEND\n');
    const inline = await cli(['-l', '-e', 't:sched:sched_wak* { }']);
    expect(inline.stdout).toContain('tracepoint:sched:sched_wakeup_new\n');
  });

  test('a pattern without a match warns', async () => {
    const result = await cli(['-l', 'tracepoint:nowhere:*']);
    expect(result.stderr).toContain("No probes match 'tracepoint:nowhere:*'");
  });
});

describe('a run', () => {
  test('takes the script from standard input and its parameters after --', async () => {
    const script = 'BEGIN { printf("%d %s %d\\n", $1, str($2), $#); }';
    const result = await cli(['-q', '-', '--', '7', 'abc'], { stdin: script });
    expect(result.stdout.split('\n')[0]).toBe('7 abc 2');
    const inline = await cli(['-q', '-e', script, '7', 'abc']);
    expect(inline.stdout.split('\n')[0]).toBe('7 abc 2');
  });

  test('ends with the argument of exit()', async () => {
    expect((await cli(['-q', '-e', 'BEGIN { exit(7); }'])).code).toBe(7);
  });

  test('says codes with -v, and explain tells more', async () => {
    const result = await cli(['-v', '-e', 'BEGIN { foo(); }']);
    const [code] = /BT\d{4}/.exec(result.stderr) ?? [];
    expect(code).toBeDefined();
    const explained = await cli(['explain', code!]);
    expect(explained.stdout).toContain(code!);
  });

  test('explains what the verifier refuses', async () => {
    const { code, stdout } = await cli(['explain', 've0609']);
    expect(code).toBe(0);
    expect(stdout).toContain('# VE0609 maximumOutside\n\n> R<register> max value');
    expect(stdout).not.toMatch(/%[a-z]\w*%/i);
  });

  test('knows the code that was meant', async () => {
    expect((await cli(['explain', 'VE609'])).stderr).toContain('did you mean VE0609?');
    expect((await cli(['explain', 'nosuch'])).stderr).not.toContain('did you mean');
  });

  test('tells that a recording knows no dates', async () => {
    const result = await cli(['-q', '--on', RECORDING, '-e', 'BEGIN { time("%H\\n"); }']);
    expect(result.stdout).toContain('does not tell the date');
  });

  test('-p asks for processes', async () => {
    const all = await cli([
      '-q',
      '--duration',
      '50ms',
      '-e',
      't:raw_syscalls:sys_enter { @[pid] = count(); }',
    ]);
    const [, pid, count] = /@\[(\d+)\]: (\d+)\n$/.exec(all.stdout)!;
    const one = await cli([
      '-q',
      '--duration',
      '50ms',
      '-p',
      pid!,
      '-e',
      't:raw_syscalls:sys_enter { @ = count(); }',
    ]);
    expect(one.stdout.trim()).toBe(`@: ${count}`);
  });
});
