import { describe, expect, test } from 'vitest';
import { HELPER_NAMES } from '../../../bpf/helpers/helpers.gen.ts';
import {
  findHelper,
  HELPERS,
  helper,
  helperById,
  helperGrant,
  helpersOf,
  isGplCompatible,
} from '../../../bpf/helpers/index.ts';
import { HELPER_GRANTS } from '../../../bpf/helpers/programs.gen.ts';
import { isAtLeast, type KernelRelease } from '../../../bpf/kernel-release.ts';

describe('the helper table', () => {
  test('has the 211 of Linux 6.18, by dense numbers', () => {
    expect(HELPERS.map(({ id }) => id)).toEqual(Array.from({ length: 211 }, (_, index) => index + 1));
    expect(HELPERS.map(({ name }) => name)).toEqual([...HELPER_NAMES]);
    expect(new Set(HELPER_NAMES).size).toBe(211);
  });

  test('the C signature has as many parameters as the prototype has arguments', () => {
    for (const { signature, args, name } of HELPERS) {
      const [, parameters] = /\((.*)\)$/.exec(signature)!;
      expect(signature, name).toContain(`bpf_${name}(`);
      // trace_printk takes what its format asks for; the kernel does not check the branch snapshot's flags.
      if (parameters!.includes('...') || name === 'get_branch_snapshot') continue;
      const count = parameters === 'void' ? 0 : parameters!.split(',').length;
      expect(args.length, name).toBe(count);
    }
  });

  test('sizes follow the memory they are of', () => {
    for (const { name, args } of HELPERS) {
      for (const [index, { type }] of args.entries()) {
        if (type !== 'CONST_SIZE' && type !== 'CONST_SIZE_OR_ZERO') continue;
        expect(['PTR_TO_MEM'], name).toContain(args[index - 1]?.type);
      }
    }
  });

  test('prototypes as the kernel has them', () => {
    expect(helper('map_lookup_elem')).toMatchObject({
      id: 1,
      returns: { type: 'PTR_TO_MAP_VALUE', flags: ['PTR_MAYBE_NULL'] },
      args: [{ type: 'CONST_MAP_PTR' }, { type: 'PTR_TO_MAP_KEY' }],
      gpl: false,
      since: '3.19',
    });
    expect(helper('probe_read_kernel')).toMatchObject({
      id: 113,
      args: [
        { type: 'PTR_TO_MEM', flags: ['MEM_UNINIT', 'MEM_WRITE'] },
        { type: 'CONST_SIZE_OR_ZERO' },
        { type: 'ANYTHING' },
      ],
      gpl: true,
    });
    expect(helper('ringbuf_reserve').returns).toEqual({
      type: 'PTR_TO_MEM',
      flags: ['MEM_RINGBUF', 'PTR_MAYBE_NULL'],
    });
    expect(helper('ringbuf_submit').args[0]).toEqual({ type: 'PTR_TO_RINGBUF_MEM', flags: ['OBJ_RELEASE'] });
    expect(helper('get_current_task_btf').returns.btf).toBe('task_struct');
    expect(helper('check_mtu').args[2]).toMatchObject({ type: 'PTR_TO_MEM', size: 4 });
    expect(helper('get_smp_processor_id').fastcall).toBe(true);
    expect(helper('copy_from_user').mightSleep).toBe(true);
  });

  test('found by both spellings and by number', () => {
    expect(findHelper('bpf_ktime_get_ns')?.id).toBe(5);
    expect(findHelper('ktime_get_ns')?.id).toBe(5);
    expect(findHelper('sys_bpf')?.id).toBe(166);
    expect(findHelper('nothing')).toBeUndefined();
    expect(helperById(211)?.name).toBe('cgrp_storage_delete');
    expect(helperById(0)).toBeUndefined();
    expect(helperById(212)).toBeUndefined();
  });

  test('licenses', () => {
    expect(isGplCompatible('Dual BSD/GPL')).toBe(true);
    expect(isGplCompatible('gpl')).toBe(false);
  });
});

describe('grants', () => {
  test('no kernel granted a helper before its release', () => {
    for (const byKernel of Object.values(HELPER_GRANTS)) {
      for (const [kernel, ids] of Object.entries(byKernel)) {
        for (const id of ids) {
          const { since, name } = helperById(id)!;
          expect(isAtLeast(kernel as KernelRelease, since), `${name} in ${kernel}`).toBe(true);
        }
      }
    }
  });

  test.each([
    ['ringbuf_output', 'kprobe', '5.8', 'yes'],
    // A kprobe before 5.0 names the kernel's version: none was asked.
    ['map_lookup_elem', 'kprobe', '4.18', 'unknown'],
    ['ringbuf_output', 'kprobe', '5.4', 'no'],
    ['loop', 'tracepoint', '6.1', 'yes'],
    ['loop', 'tracepoint', '5.15', 'no'],
    // Between the kernels asked, 5.15 and 6.1, nobody knows.
    ['loop', 'tracepoint', '5.18', 'unknown'],
    ['xdp_adjust_head', 'tracepoint', '6.18', 'no'],
    ['xdp_adjust_head', 'xdp', '6.18', 'yes'],
    ['xdp_adjust_head', 'ext', '6.18', 'unknown'],
    ['ktime_get_coarse_ns', 'kprobe', '5.13', 'yes'],
    ['ktime_get_coarse_ns', 'kprobe', '5.14', 'unknown'],
    ['ktime_get_coarse_ns', 'kprobe', '6.18', 'no'],
    ['override_return', 'kprobe', '6.18', 'yes'],
    ['get_func_arg', 'tracing:fentry', '6.18', 'yes'],
  ] as const)('%s in %s on %s: %s', (name, program, release, want) => {
    expect(helperGrant(name, program, release)).toBe(want);
  });

  test('a 6.1 kprobe program has the helpers its kernel granted', () => {
    const names = helpersOf('kprobe', '6.1').map(({ name }) => name);
    expect(names.length).toBe(80);
    expect(names).toContain('get_stackid');
  });
});
