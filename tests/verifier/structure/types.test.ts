import { describe, expect, test } from 'vitest';
import type { Btf } from '../../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import type { TypeId } from '../../../bpf/btf/type.ts';
import type { VerifierInput, VerifierKernel } from '../../../verifier/input.ts';
import { verify } from '../../../verifier/verify.ts';

function bytes(...words: readonly string[]): Uint8Array {
  return Uint8Array.from(
    words.flatMap((word) => word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)),
  );
}

const ZERO = 'b700000000000000';
const EXIT = '9500000000000000';

/** What the verifier says: `accepted`, or the message behind the slot it is about. */
function verdict(input: VerifierInput, kernel: VerifierKernel = { release: '6.18' }): string {
  const { accepted, refusal } = verify(input, { kernel });
  if (accepted === true) return 'accepted';
  return `${refusal!.slot === undefined ? '' : `${refusal!.slot}: `}${refusal!.message}`;
}

interface Types {
  readonly btf: Btf;
  readonly ids: readonly TypeId[];
}

/** Functions `f0`, `f1`, ... of no arguments. */
function functionTypes(
  functions: readonly { readonly returns?: 'int' | 'void'; readonly linkage?: 'static' | 'global' }[],
  tag?: string,
): Types {
  const builder = new BtfBuilder();
  const int = builder.addInt('int', 4, { signed: true });
  const ids = functions.map(({ returns = 'int', linkage = 'static' }, index) =>
    builder.add({
      kind: 'func',
      name: `f${index}`,
      type: builder.addPrototype(returns === 'int' ? int : 0, []),
      linkage,
    }),
  );
  if (tag !== undefined) {
    builder.add({ kind: 'decl_tag', name: tag, type: ids[0]!, component: -1, attribute: false });
  }
  return { btf: builder.build(), ids };
}

describe('types of functions', () => {
  const call = bytes('8510000002000000', ZERO, EXIT, ZERO, EXIT);
  const { btf, ids } = functionTypes([{}, {}]);
  const typed = (slots: readonly number[], code: Uint8Array = call): VerifierInput => ({
    type: 'socket_filter',
    bytes: code,
    btf,
    functions: slots.map((slot, index) => ({ slot, type: ids[index]! })),
  });

  test('there is one record a function, at its start', () => {
    expect(verdict(typed([0, 3]))).toBe('accepted');
    expect(verdict(typed([0]))).toBe("number of funcs in func_info doesn't match number of subprogs");
    expect(verdict(typed([0, 2]))).toBe("func_info BTF section doesn't match subprog layout in BPF program");
    expect(verdict(typed([1, 3]))).toBe('1: nonzero insn_off 1 for the first func info record');
    expect(verdict(typed([0, 0]))).toBe(
      '0: same or smaller insn offset (0) than previous func info record (0)',
    );
    const wrong = { ...typed([0, 3]), functions: [{ slot: 0, type: 1 }] };
    expect(verdict(wrong)).toBe('invalid type id 1 in func info');
  });

  test('a tail call stands in a function that returns a number', () => {
    const code = bytes('8510000002000000', ZERO, EXIT, '850000000c000000', EXIT);
    const types = functionTypes([{}, { returns: 'void' }]);
    const functions = [
      { slot: 0, type: types.ids[0]! },
      { slot: 3, type: types.ids[1]! },
    ];
    expect(verdict({ type: 'socket_filter', bytes: code, btf: types.btf, functions })).toBe(
      "tail_call is only allowed in functions that return 'int'.",
    );
  });

  test('each function has a line', () => {
    const line = (slot: number) => ({ slot, file: 'a.c', text: '', line: 1, column: 1 });
    const lined = (...slots: readonly number[]): VerifierInput => ({
      ...typed([0, 3]),
      lines: slots.map(line),
    });
    expect(verdict(lined(0, 1, 3))).toBe('accepted');
    expect(verdict(lined(0, 4))).toBe('missing bpf_line_info for func#1');
    expect(verdict(lined(0, 1))).toBe('missing bpf_line_info for 1 funcs starting from func#1');
    expect(verdict(lined(0, 3, 3))).toBe('3: Invalid line_info[2].insn_off:3 (prev_offset:3 prog->len:5)');
    expect(verdict({ ...lined(0), lines: [{ ...line(0), malformed: true }] })).toBe(
      'Invalid line_info[0].line_off or .file_name_off',
    );
  });

  test('the exception callback is global and of this program', () => {
    const run = (linkage: 'static' | 'global', tag: string): string => {
      const types = functionTypes([{}, { linkage }], tag);
      const functions = [
        { slot: 0, type: types.ids[0]! },
        { slot: 2, type: types.ids[1]! },
      ];
      return verdict({ type: 'kprobe', bytes: bytes(ZERO, EXIT, ZERO, EXIT), btf: types.btf, functions });
    };
    expect(run('static', 'exception_callback:f1')).toBe("exception callback 'f1' must have global linkage");
    expect(run('global', 'exception_callback:g')).toBe("exception callback 'g' could not be found in BTF");
    expect(run('global', 'exception_callback:f1')).toBe('exception cb only supports single integer argument');
  });
});

test("a removed function's address is that of the next one, if there is one", () => {
  const types = functionTypes([{}, {}, {}]);
  const of = (address: string, call: string): string =>
    verdict({
      type: 'socket_filter',
      bytes: bytes(address, '0000000000000000', call, ZERO, EXIT, ZERO, EXIT, ZERO, EXIT),
      btf: types.btf,
      functions: [0, 5, 7].map((slot, index) => ({ slot, type: types.ids[index]! })),
    });
  expect(of('1842000004000000', '8510000004000000')).toBe('accepted');
  expect(of('1842000006000000', '8510000002000000')).toMatch(/^verifier bug: No program to jit at insn 7/);
  // Dead code before it goes as well, and the address leads into the middle of the next one.
  const dead = [ZERO, '5500010000000000', EXIT, EXIT, ZERO, EXIT, ZERO, EXIT];
  const tailed = verdict({
    type: 'socket_filter',
    bytes: bytes('1842000006000000', '0000000000000000', '8510000006000000', ...dead),
    btf: types.btf,
    functions: [0, 7, 9].map((slot, index) => ({ slot, type: types.ids[index]! })),
  });
  expect(tailed).toMatch(/^verifier bug: No program to jit/);
});

describe('stack', () => {
  /** `main` and a function it calls, each with so many bytes. */
  const program = (main: number, called: number): Uint8Array => {
    const store = (depth: number): string => {
      const off = (0x1_0000 - depth).toString(16).padStart(4, '0');
      return `7a0a${off.slice(2)}${off.slice(0, 2)}00000000`;
    };
    return bytes(store(main), '8510000002000000', ZERO, EXIT, store(called), ZERO, EXIT);
  };

  test('callers and callees share it', () => {
    const of = (main: number, called: number): string =>
      verdict({ type: 'socket_filter', bytes: program(main, called) });
    expect(of(256, 256)).toBe('accepted');
    expect(of(256, 264)).toBe('combined stack size of 2 calls is 528. Too large');
  });

  test('programs without a trampoline have one for each function since 6.13', () => {
    const of = (release: '6.12' | '6.13' | '6.1'): string =>
      verdict({ type: 'kprobe', bytes: program(400, 512) }, { release });
    expect(of('6.13')).toBe('accepted');
    expect(of('6.12')).toBe('combined stack size of 2 calls is 912. Too large');
    expect(of('6.1')).toBe('combined stack size of 2 calls is 928. Too large');
  });
});

describe('attachment', () => {
  /** A kernel with one function, one hook, one tracepoint and one iterator. */
  function kernel(): VerifierKernel {
    const builder = new BtfBuilder();
    const int = builder.addInt('int', 4, { signed: true });
    const pointer = builder.addPointer(0);
    const add = (name: string, returns: TypeId, parameters: readonly TypeId[]): void => {
      const prototype = builder.addPrototype(
        returns,
        parameters.map((type) => ({ name: 'x', type })),
      );
      builder.add({ kind: 'func', name, type: prototype, linkage: 'static' });
    };
    const wide = builder.addStruct('wide', 24, []);
    add('vfs_read', int, [pointer, int]);
    add('takes_wide', int, [wide]);
    add('printk', int, [pointer, 0]);
    add('do_exit', 0, [int]);
    add('migrate_disable', 0, []);
    add('bpf_lsm_file_open', int, [pointer]);
    add('bpf_lsm_file_permission', int, [pointer]);
    add('bpf_lsm_getprocattr', int, [pointer]);
    add('bpf_lsm_verify_prog', int, [pointer]);
    add('bpf_iter_task', int, [pointer]);
    add('bpf_iter_nothing', int, [pointer]);
    builder.addStruct('bpf_iter__task', 8, []);
    builder.addTypedef('btf_trace_sched_switch', builder.addPointer(builder.addPrototype(0, [])));
    return { release: '6.18', btf: builder.build() };
  }

  const CODE = bytes(ZERO, EXIT);
  const attach = (
    type: VerifierInput['type'],
    attachType: string,
    name: string,
    kind: 'func' | 'typedef' = 'func',
    more: Partial<VerifierInput> = {},
  ): string =>
    verdict({ type, attachType, attachTo: { name, kind }, bytes: CODE, ...more }, kernel()).replace(
      /attach_btf_id \d+/,
      'attach_btf_id N',
    );

  test('functions whose arguments fit registers', () => {
    expect(attach('tracing', 'trace_fentry', 'vfs_read')).toBe('accepted');
    expect(attach('tracing', 'trace_fentry', 'takes_wide')).toBe(
      'The function takes_wide arg0 type STRUCT is unsupported.',
    );
    expect(attach('tracing', 'trace_fexit', 'printk')).toBe(
      'The function printk with variable args is unsupported.',
    );
    expect(attach('tracing', 'trace_fentry', 'btf_trace_sched_switch', 'typedef')).toBe(
      'attach_btf_id N is not a function',
    );
  });

  test('functions that are left alone', () => {
    expect(attach('tracing', 'trace_fentry', 'migrate_disable')).toBe(
      "Attaching tracing programs to function 'migrate_disable' is rejected.",
    );
    expect(attach('tracing', 'trace_fexit', 'do_exit')).toBe(
      "Attaching fexit/fmod_ret to __noreturn function 'do_exit' is rejected.",
    );
    expect(attach('tracing', 'trace_fentry', 'do_exit')).toBe('accepted');
    expect(attach('tracing', 'modify_return', 'vfs_read')).toBe('vfs_read() is not modifiable');
    expect(attach('tracing', 'trace_fentry', 'vfs_read', 'func', { sleepable: true })).toBe(
      'vfs_read is not sleepable',
    );
  });

  test('hooks', () => {
    expect(attach('lsm', 'lsm_mac', 'bpf_lsm_file_open')).toBe('accepted');
    expect(attach('lsm', 'lsm_mac', 'bpf_lsm_file_open', 'func', { sleepable: true })).toBe('accepted');
    expect(attach('lsm', 'lsm_mac', 'bpf_lsm_file_permission', 'func', { sleepable: true })).toBe(
      'bpf_lsm_file_permission is not sleepable',
    );
    expect(attach('lsm', 'lsm_mac', 'bpf_lsm_getprocattr')).toBe(
      'attach_btf_id N points to disabled hook bpf_lsm_getprocattr',
    );
    expect(attach('lsm', 'lsm_mac', 'bpf_lsm_verify_prog')).toBe(
      'attach_btf_id N points to wrong type name bpf_lsm_verify_prog',
    );
    expect(attach('lsm', 'lsm_mac', 'bpf_lsm_file_open', 'func', { license: 'MIT' })).toBe(
      'LSM programs must have a GPL compatible license',
    );
    const one = bytes('b700000001000000', EXIT);
    expect(attach('lsm', 'lsm_mac', 'bpf_lsm_file_open', 'func', { bytes: one })).toBe(
      '1: At program exit the register R0 has smin=1 smax=1 should have been in [-4095, 0]',
    );
  });

  test('tracepoints and iterators', () => {
    expect(attach('tracing', 'trace_raw_tp', 'btf_trace_sched_switch', 'typedef')).toBe('accepted');
    expect(attach('tracing', 'trace_raw_tp', 'sched_switch', 'typedef')).toBe('accepted');
    expect(attach('tracing', 'trace_raw_tp', 'vfs_read')).toBe('attach_btf_id N is not a typedef');
    expect(attach('tracing', 'trace_iter', 'bpf_iter_task')).toBe('accepted');
    expect(attach('tracing', 'trace_iter', 'bpf_iter_nothing')).toBe('EINVAL');
    expect(attach('kprobe', '', 'vfs_read')).toBe('EINVAL');
    expect(attach('ext', 'cgroup_inet_ingress', 'vfs_read')).toBe('Cannot replace kernel functions');
  });
});
