/** What the string functions answer, run on the simulated kernel. */
import { expect, test } from 'vitest';
import { cli } from '../../cli/support.ts';

async function printed(script: string): Promise<string> {
  const { stdout, stderr } = await cli(['-q', '--duration', '20ms', '-e', script]);
  expect(stderr).toBe('');
  return stdout.trim();
}

test.each([
  ['strlen("hello")', '5'],
  ['strlen($text)', '38'],
  ['strlen(@empty)', '0'],
  ['strncmp($text, "some words", 4)', '0'],
  ['strncmp($text, "some words", 6)', '1'],
  ['strncmp("ab", "ab", 100)', '0'],
  ['strncmp("ab", "abc", 3)', '1'],
  ['strncmp($text, $text, 39)', '0'],
  ['strcontains($text, "others")', '1'],
  ['strcontains($text, "some")', '1'],
  ['strcontains($text, "otherz")', '0'],
  ['strcontains($text, "")', '1'],
  ['strcontains("ab", "abc")', '0'],
  ['strcontains($text, @part)', '1'],
  ['strcontains(@part, $text)', '0'],
])('%s is %s', async (call, wanted) => {
  const script = `begin { $text = "some text that is longer than others, "; @part = "longer"; @empty = ""; printf("%d\\n", ${call}); clear(@part); clear(@empty); exit(); }`;
  expect(await printed(script)).toBe(wanted);
});

test('str() takes a length known at run time, cut to the buffer', async () => {
  const script = (length: string): string =>
    `tracepoint:syscalls:sys_enter_openat { $n = ${length}; $all = str(args.filename); printf("%d\\n", strlen(str(args.filename, $n)) - (strlen($all) < 3 ? strlen($all) : 3)); exit(); }`;
  expect((await printed(script('(uint64)3'))).split('\n')[0]).toBe('0');
  const long =
    'tracepoint:syscalls:sys_enter_openat { $n = nsecs; if (str(args.filename, $n) == str(args.filename)) { printf("same\\n"); } exit(); }';
  expect((await printed(long)).split('\n')[0]).toBe('same');
});

test('an array is indexed by a number known at run time', async () => {
  const script =
    'tracepoint:sched:sched_switch { $i = nsecs - nsecs; $c = args.next_comm; if ($c[$i] == $c[0]) { printf("same\\n"); } exit(); }';
  expect((await printed(script)).split('\n')[0]).toBe('same');
});
