/** A tool as libbpf's authors write them, over all types of this machine's kernel (vmlinux.h), runs on a recording of another. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../cli/support.ts';
import { corpusReason } from '../objects/corpus.ts';

const TYPES = '/sys/kernel/btf/vmlinux';
const reason = corpusReason() ?? (existsSync(TYPES) ? undefined : `no ${TYPES}`);
if (reason !== undefined) console.log(`skipped, ${reason}: a tool with vmlinux.h on a recording`);

const SOURCE = `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 10240);
  __type(key, long);
  __type(value, __u64);
} calls SEC(".maps");

int parents;

SEC("tracepoint/raw_syscalls/sys_enter")
int on_enter(struct trace_event_raw_sys_enter *ctx)
{
  long id = ctx->id;
  __u64 zero = 0, *count = bpf_map_lookup_elem(&calls, &id);
  if (!count) {
    bpf_map_update_elem(&calls, &id, &zero, BPF_NOEXIST);
    count = bpf_map_lookup_elem(&calls, &id);
  }
  if (count)
    __sync_fetch_and_add(count, 1);
  return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int on_exit(struct trace_event_raw_sched_process_template *ctx)
{
  struct task_struct *task = (void *)bpf_get_current_task();
  if (BPF_CORE_READ(task, real_parent, tgid))
    parents++;
  char comm[16];
  bpf_get_current_comm(comm, sizeof comm);
  bpf_printk("exit %d prio %d %s", ctx->pid, ctx->prio, comm);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
`;

describe.skipIf(reason !== undefined)('a tool with vmlinux.h', () => {
  let folder: string;
  let object: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'foreign-'));
    object = join(folder, 'tool.o');
    const types = execFileSync('bpftool', ['btf', 'dump', 'file', TYPES, 'format', 'c'], {
      maxBuffer: 1 << 28,
    });
    writeFileSync(join(folder, 'vmlinux.h'), types);
    writeFileSync(join(folder, 'tool.bpf.c'), SOURCE);
    const arch = process.arch === 'arm64' ? 'arm64' : 'x86';
    const words = ['-target', 'bpf', '-g', '-O2', `-D__TARGET_ARCH_${arch}`, '-I', folder];
    execFileSync('clang', [...words, '-c', join(folder, 'tool.bpf.c'), '-o', object]);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('counts and prints what a script does', async () => {
    const on = ['--on', 'tests/data/trace.dat'];
    const { code, stdout, stderr } = await cli([...on, '--target', 'linux-6.1', object]);
    expect(code).toBe(0);
    expect(stderr).toContain('Attached 2 probes');
    expect(stderr).toContain(
      'on_exit (tracepoint/sched/sched_process_exit) reads task_struct in kernel memory',
    );
    const script = `tracepoint:raw_syscalls:sys_enter { @calls[args.id] = count(); }
      tracepoint:sched:sched_process_exit { printf("exit %d prio %d %s\\n", args.pid, args.prio, comm); }`;
    const want = await cli(['-q', ...on, '-e', script]);
    const counts = (text: string): readonly string[] =>
      [...text.matchAll(/calls\[.*/g)].map(([line]) => line).sort();
    expect(counts(stdout)).toEqual(counts(want.stdout));
    expect(counts(stdout).length).toBeGreaterThan(10);
    const texts = [...stdout.matchAll(/bpf_trace_printk: (.*)/g)].map(([, text]) => text);
    expect(texts).toEqual([...want.stdout.matchAll(/exit .*/g)].map(([line]) => line));
    expect(texts.length).toBeGreaterThan(5);
    expect(stdout).toContain('parents: 0\n');
  });

  test("runs with this machine's own types", async () => {
    const { code, stderr } = await cli(['--duration', '5ms', '--target', TYPES, object]);
    expect(code).toBe(0);
    expect(stderr).toContain('Attached 2 probes');
    expect(stderr).not.toContain('is not run');
  });
});
