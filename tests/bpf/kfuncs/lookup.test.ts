import { describe, expect, test } from 'vitest';
import { findKfunc, KFUNCS, mayCallKfunc } from '../../../bpf/kfuncs/index.ts';

describe('the table of kernel functions', () => {
  test('has each function once, with a release', () => {
    const names = KFUNCS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(200);
    for (const { name, since } of KFUNCS) expect(since, name).toMatch(/^\d+\.\d+$/);
  });

  test('iterators come in threes', () => {
    const stems = (flag: 'iter_new' | 'iter_next' | 'iter_destroy') =>
      KFUNCS.filter(({ flags }) => flags.has(flag))
        .map(({ name }) => name.replace(/_(new|next|destroy)$/, ''))
        .sort();
    expect(stems('iter_next')).toEqual(stems('iter_new'));
    expect(stems('iter_destroy')).toEqual(stems('iter_new'));
  });
});

describe('mayCallKfunc', () => {
  const may = (
    name: string,
    type: Parameters<typeof mayCallKfunc>[1]['type'],
    release: `${number}.${number}`,
  ) => mayCallKfunc(findKfunc(name)!, { type }, release);

  test('knows what all programs get, and since when', () => {
    expect(may('bpf_iter_num_new', 'socket_filter', '6.18')).toBe(true);
    expect(may('bpf_iter_num_new', 'socket_filter', '6.4')).toBe(true);
    expect(may('bpf_iter_num_new', 'socket_filter', '6.3')).toBe(false);
  });

  test('tells program types apart', () => {
    expect(may('bpf_task_acquire', 'tracing', '6.18')).toBe(true);
    expect(may('bpf_task_acquire', 'kprobe', '6.18')).toBe(false);
    expect(may('bpf_task_acquire', 'tracepoint', '6.18')).toBe(true);
    expect(may('bpf_task_acquire', 'tracepoint', '6.11')).toBe(false);
    expect(may('bpf_dynptr_from_xdp', 'sched_cls', '6.18')).toBe(false);
  });

  test('asks for more where a set does', () => {
    const cookie = findKfunc('bpf_session_cookie')!;
    expect(mayCallKfunc(cookie, { type: 'kprobe' }, '6.18')).toBe(false);
    expect(mayCallKfunc(cookie, { type: 'kprobe', attachType: 'trace_kprobe_session' }, '6.18')).toBe(true);
    expect(may('bpf_put_file', 'tracing', '6.18')).toBe(false);
    expect(may('bpf_put_file', 'lsm', '6.18')).toBe(true);
  });
});
