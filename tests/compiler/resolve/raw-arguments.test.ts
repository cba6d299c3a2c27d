import { expect, test } from 'vitest';
import { rawFormat } from '../../../compiler/resolve/raw-arguments.ts';
import { cli } from '../../cli/support.ts';

test('each argument is the low bytes of a word', () => {
  const { fields } = rawFormat('x', [
    { name: 'preempt', type: 'bool' },
    { name: 'next', type: 'struct task_struct *' },
    { name: 'state', type: 'unsigned int' },
    { name: 'cpu', type: 'int' },
    { name: 'whole', type: 'struct thing' },
  ]);
  expect(fields.map(({ kind, offset, size, signed }) => [kind, offset, size, signed])).toEqual([
    ['integer', 0, 1, false],
    ['pointer', 8, 8, false],
    ['integer', 16, 4, false],
    ['integer', 24, 4, true],
    ['struct', 32, 8, false],
  ]);
});

test('args of a raw tracepoint are typed', async () => {
  const script =
    'rawtracepoint:sys_enter { if (args.id >= 0 && args.regs != 0) { printf("ok\\n"); } exit(); }';
  const { stdout, stderr } = await cli(['-q', '--duration', '20ms', '-e', script]);
  expect(stderr).toBe('');
  expect(stdout.split('\n')[0]).toBe('ok');
});
