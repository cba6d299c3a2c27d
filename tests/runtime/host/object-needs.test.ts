import { expect, test } from 'vitest';
import { needsOf } from '../../../runtime/host/object-needs.ts';
import { assembled } from '../../vm/assembly.ts';

const call = (name: string): string => `r0 = 0\ncall ${name}\nexit`;

test.each([
  ['bpf_ktime_get_ns', { stacks: false, timers: false }],
  ['bpf_get_stack', { stacks: true, timers: false }],
  ['bpf_get_task_stack', { stacks: true, timers: false }],
  ['bpf_timer_start', { stacks: false, timers: true }],
])('%s', (name, needs) => {
  expect(needsOf(assembled(call(name)))).toMatchObject(needs);
});

test('a kernel function may be a timer’s', () => {
  expect(needsOf(assembled(`.kfunc bpf_wq_start\n${call('bpf_wq_start')}`)).timers).toBe(true);
});
