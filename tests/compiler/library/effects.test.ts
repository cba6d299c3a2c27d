/** What changes the traced machine, and what asks its objects (language.md §2.10, kind U and §2.9): checks and code. */
import { describe, expect, test } from 'vitest';
import { helperById } from '../../../bpf/helpers/index.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../../compiler/compile.ts';
import { openSnapshotFile, snapshotPath } from '../../../runtime/node/snapshot-file.ts';
import { describeDiagnostics, testKernel } from '../support.ts';

const functions = { has: () => true, list: () => ['vfs_read'] };

function build(
  text: string,
  options: { unsafe?: boolean; kernel?: Partial<KernelInfo> } = {},
): CompileResult {
  const kernel = { ...testKernel(), functions, ...options.kernel };
  const { unsafe = true } = options;
  return compile({ source: { name: 'stdin', text }, kernel, target: profileFor('6.1'), env: {}, unsafe });
}

function told(text: string, options?: Parameters<typeof build>[1]): string {
  return describeDiagnostics(text, build(text, options));
}

function helpersOf(text: string, kernel?: Partial<KernelInfo>): readonly string[] {
  const { object, diagnostics } = build(text, kernel === undefined ? {} : { kernel });
  expect(diagnostics).toEqual([]);
  return object!.programs[0]!.instructions.flatMap(({ op, imm }) =>
    op === 'call' ? (helperById(imm)?.name ?? []) : [],
  );
}

describe('signal and signal_thread', () => {
  test('take numbers and names', () => {
    expect(helpersOf('kprobe:vfs_read { signal("SIGKILL"); }')).toContain('send_signal');
    expect(helpersOf('kprobe:vfs_read { signal_thread(pid); }')).toContain('send_signal_thread');
    const { object } = build('kprobe:vfs_read { signal("SIGUSR2"); }');
    expect(object!.programs[0]!.instructions.some(({ op, imm }) => op === 'mov64_k' && imm === 12)).toBe(
      true,
    );
  });

  test('refuse what is none', () => {
    expect(told('kprobe:vfs_read { signal("SIGKIL"); signal(0); signal(comm); }')).toBe(
      [
        'error BT0809 ["SIGKIL"] SIGKIL is no signal',
        "  HINT: did you mean 'SIGKILL'?",
        'error BT0810 [0] 0 is no signal: they are numbered from 1 to 64',
        'error BT0214 [comm] signal() only supports integer and string literal arguments (string[16] provided)',
      ].join('\n'),
    );
  });

  test('need --unsafe and a machine that can be changed', () => {
    const text = 'begin { signal(9); }';
    expect(told(text, { unsafe: false })).toMatch(/^error BT0252 \[signal\(9\)\]/);
    const kernel = { name: 'the recording', attachable: { kinds: new Set(['begin'] as const) } };
    expect(told(text, { kernel })).toBe(
      'error BT0808 [signal(9)] signal() changes the traced machine, and the recording is not one that can be changed',
    );
  });
});

describe('override', () => {
  test('is for kprobes', () => {
    expect(helpersOf('kprobe:vfs_read { override(-5); }')).toEqual(['override_return']);
    expect(told('kretprobe:vfs_read { override(1); }')).toBe(
      'error BT0728 [override(1)] The override builtin can only be used with kprobe probes',
    );
  });
});

describe('write_user', () => {
  test('writes values of any kind', () => {
    expect(helpersOf('kprobe:vfs_read { $s = "abc"; write_user(arg1, $s, 3); }')).toContain(
      'probe_write_user',
    );
    expect(helpersOf('kprobe:vfs_read { $r = write_user(arg1, nsecs, 8); print($r); }')).toContain(
      'probe_write_user',
    );
  });

  test('does not write more than there is', () => {
    expect(told('kprobe:vfs_read { write_user(arg1, "abc", 5); write_user(arg1, "abc", pid); }')).toBe(
      [
        `error BT0801 ["abc"] write_user() of 5 bytes: 'string[4]' has 4`,
        'error BT0215 [pid] write_user() expects a constant count of 1 to 4096',
      ].join('\n'),
    );
  });
});

describe('objects of the kernel', () => {
  const linux = openSnapshotFile(snapshotPath('linux-6.1', ''));

  test('path, socket_cookie and skboutput call their helpers in fentry', () => {
    expect(helpersOf('fentry:vfs_truncate { print(path(args.path)); }', linux)).toContain('d_path');
    expect(
      helpersOf('fentry:security_file_open { @[path(args.file->f_path, 64)] = count(); }', linux),
    ).toContain('d_path');
    expect(helpersOf('fentry:tcp_sendmsg { @[socket_cookie(args.sk)] = count(); }', linux)).toContain(
      'get_socket_cookie',
    );
    const packets = 'fentry:ip_output { $r = skboutput("x.pcap", args.skb, 128, 14); print($r); }';
    expect(helpersOf(packets, linux)).toContain('skb_output');
    const { object, info } = build(packets, { kernel: linux });
    expect(object!.maps.find(({ name }) => name === 'packets')?.type).toBe('perf_event_array');
    expect(info!.actions[0]).toMatchObject({ kind: 'skboutput', file: 'x.pcap', offset: 14 });
  });

  test('elsewhere the kernel does not know that they live', () => {
    expect(told('kprobe:vfs_read { print(path(arg0)); }', { kernel: linux })).toMatch(
      /^error BT0728 \[path\(arg0\)\] The path builtin can only be used with fentry, fexit and iter probes/,
    );
    expect(told('fentry:tcp_sendmsg { print(path(args.sk)); }', { kernel: linux })).toMatch(
      /^error BT0214 \[args\.sk\] path\(\) only supports pointer to struct path arguments \(struct sock \* provided\)/,
    );
  });
});
