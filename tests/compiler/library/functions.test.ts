/** What functions of the library answer on the simulated kernel, by the rows of language.md §2.9 and §2.10. */
import { describe, expect, test } from 'vitest';
import { helperById } from '../../../bpf/helpers/index.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { compile } from '../../../compiler/compile.ts';
import { cli } from '../../cli/support.ts';
import { compileText, describeDiagnostics, testKernel } from '../support.ts';

async function printed(body: string): Promise<string> {
  const { stdout, stderr } = await cli(['-q', '--duration', '20ms', '-e', `begin { ${body} exit(); }`]);
  expect(stderr).toBe('');
  return stdout.trim();
}

describe('§2.10 texts of numbers', () => {
  test.each([
    ['strerror(2)', 'No such file or directory'],
    ['strerror($n + 13)', 'Permission denied'],
    ['strerror($n + 41)', 'Unknown error'],
    ['strerror($n - 1)', 'Unknown error'],
    ['signal_name(9)', 'SIGKILL'],
    ['signal_name($n + 34)', 'SIGRTMIN'],
    ['signal_name($n + 65)', 'UNKNOWN'],
    ['syscall_name(0)', 'read'],
    ['syscall_name($n + 4)', 'stat'],
    ['syscall_name($n + 100000)', 'unknown'],
  ])('%s is %s', async (call, wanted) => {
    expect(await printed(`$n = pid & 0; print(${call});`)).toBe(wanted);
  });

  test('are strings: they compare, and are keys', async () => {
    const body = '$n = pid & 0; @[strerror($n + 2)] = 1; @["No such file or directory"]++; print(@);';
    expect(await printed(`${body} clear(@);`)).toBe('@[No such file or directory]: 2');
  });
});

describe('§2.10 strings', () => {
  test.each([
    ['strstr($t, "text")', '5'],
    ['strstr($t, "texts")', '-1'],
    ['strstr($t, "")', '0'],
    ['strstr("ab", "b")', '1'],
    ['strcap($t)', '16'],
    ['strcap(str($t, 4))', '5'],
    ['str($t, 4)', 'some'],
    ['str($t, $n + 6)', 'some t'],
    ['str($t, 100)', 'some text that '],
    ['str_concat($t, "is")', 'some text that is'],
    ['str_concat("a", "b")', 'ab'],
    ['str_concat(str_concat("a", $t), "c")', 'asome text that c'],
  ])('%s is %s', async (call, wanted) => {
    expect(await printed(`$t = "some text that "; $n = pid & 0; printf("%s", ${call});`)).toBe(wanted.trim());
  });

  test('a length beyond max_strlen is cut, with a warning', () => {
    const text = 'begin { $p = (uint64)4; print(str($p, 5000)); }';
    expect(describeDiagnostics(text, compileText(text))).toBe(
      'warning BT0802 [5000] length param (5000) is too long and will be shortened to 1024 bytes (see max_strlen)',
    );
  });

  test('a search too long for the verifier needs bpf_loop', () => {
    const text = 'begin { $s = str((uint64)4); print(strstr($s, "a needle of some length")); }';
    expect(compileText(text, { release: '5.17' }).ok).toBe(true);
    expect(describeDiagnostics(text, compileText(text, { release: '5.15' }))).toMatch(
      /^error BT0259 .* strstr\(\) in 1024 bytes for 24 bytes needs Linux 5\.17/,
    );
  });
});

describe('§2.10 bytes', () => {
  test.each([
    ['memcmp("abc", "abd", 3)', '-1'],
    ['memcmp("abd", "abc", 3)', '1'],
    ['memcmp("abd", "abc", 2)', '0'],
    ['memcmp("\\xff", "a", 1)', '1'],
    ['bswap((uint16)0x1234)', '13330'],
    ['bswap($n + 1)', '72057594037927936'],
    ['bswap(0x12)', '18'],
    ['is_err((uint64)-1)', 'true'],
    ['is_err((uint64)-4096)', 'false'],
  ])('%s is %s', async (call, wanted) => {
    expect(await printed(`$n = pid & 0; print(${call});`)).toBe(wanted);
  });

  test('memcmp() does not read past a value', () => {
    const text = 'begin { print(memcmp("ab", "abcdef", 5)); }';
    expect(describeDiagnostics(text, compileText(text))).toBe(
      `error BT0801 ["ab"] memcmp() of 5 bytes: 'string[3]' has 3`,
    );
  });
});

describe('§2.10 maps', () => {
  test('find() leaves the variable alone when the key is missing', async () => {
    const body = '@m[1] = 5; $v = 7; print(find(@m, 2, $v)); print($v); print(find(@m, 1, $v)); print($v);';
    expect(await printed(`${body} clear(@m);`)).toBe('false\n7\ntrue\n5');
  });

  test('find() gives the number of an aggregation', async () => {
    const body = '@c["x"] = count(); @c["x"] = count(); $n = (uint64)0; find(@c, "x", $n); print($n);';
    expect(await printed(`${body} clear(@c);`)).toBe('2');
  });

  test('find() wants a variable that exists', () => {
    const text = 'begin { @m[1] = 5; find(@m, 1, $v); find(@m, 1, 2); }';
    expect(describeDiagnostics(text, compileText(text))).toBe(
      [
        'error BT0201 [$v] Undefined or undeclared variable: $v',
        'error BT0215 [2] find() expects a variable as last argument',
      ].join('\n'),
    );
  });
});

describe('§2.9 the current task and clocks', () => {
  test.each([
    ['pid(init) == pid', 'true'],
    ['tid(curr_ns) == tid', 'true'],
    ['numaid', '0'],
    ['has_cpid', 'false'],
    ['elapsed < 1s', 'true'],
    ['nsecs(sw_tai) - nsecs(boot) > 1600000000s', 'true'],
    ['nsecs(monotonic) <= nsecs(boot)', 'true'],
  ])('%s is %s', async (call, wanted) => {
    expect(await printed(`print(${call});`)).toBe(wanted);
  });

  test('cpid without -c is 0, with a warning (language.md §2.17)', async () => {
    const { stdout, stderr } = await cli([
      '-q',
      '--duration',
      '20ms',
      '-e',
      'begin { print(cpid); exit(); }',
    ]);
    expect(stdout.trim()).toBe('0');
    expect(stderr).toMatch(/WARNING: There is no child process: use -c\. 0 is being used as the result\./);
  });

  test('modes are named', () => {
    const text = 'begin { print(pid(other)); print(nsecs(wall)); }';
    expect(describeDiagnostics(text, compileText(text))).toBe(
      [
        'error BT0215 [other] pid() expects curr_ns or init',
        'error BT0215 [wall] nsecs() expects boot, monotonic, tai or sw_tai',
      ].join('\n'),
    );
  });

  test('a task is one of the kernel, which not everybody has', () => {
    const text = 'begin { print(ppid); print(pcomm(1)); }';
    const reach = { kernelMemory: false };
    expect(
      describeDiagnostics(text, compileText(text, { reach }))
        .split('\n')
        .filter((one) => /^e/.test(one)),
    ).toEqual([
      'error BT0225 [ppid] ppid needs kernel memory, which the test kernel does not have',
      'error BT0214 [1] pcomm() only supports struct task_struct * arguments (int8 provided)',
    ]);
  });

  test('a tracer in a container asks for the ids of its own namespace', () => {
    const kernel = { ...testKernel(), pidNamespace: { device: 4n, inode: 4026531836n } };
    const source = { name: 'stdin', text: 'begin { @ = pid; @i = pid(init); }' };
    const { object } = compile({ source, kernel, target: profileFor('6.1'), env: {} });
    const helpers = object!.programs[0]!.instructions.flatMap(({ op, imm }) =>
      op === 'call' ? helperById(imm)!.name : [],
    );
    expect(helpers).toContain('get_ns_current_pid_tgid');
    expect(helpers).toContain('get_current_pid_tgid');
  });
});
