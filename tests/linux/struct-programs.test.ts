/** Scripts over structs and pointers of every shape pass this machine's verifier (load only), for new kernels and old ones. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBtf } from '../../bpf/btf/read.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { kernelTypes } from './kernel-types.ts';
import { kernelOf } from './run-script.ts';

const reason = LinuxBpf.reason();
const running = kernelTypes().get('running');

const DEFINITIONS =
  'struct pair { int a; struct { unsigned x : 5; unsigned y : 27; } b[4]; char name[12]; struct pair *next; };';

const SCRIPTS: readonly string[] = [
  'BEGIN { printf("%s %s\\n", curtask->se.avg, *curtask->cred); print(curtask->se.avg); print((curtask->pid, curtask->cred->uid)); @a[curtask->cred->uid] = count(); @h = hist(curtask->se.vruntime); @l = curtask->comm == "a"; print(strlen(curtask->comm)); }',
  'BEGIN { $a = curtask->se; @x = $a; print(@x.vruntime); for $i : 0..3 { print($a.vruntime); @y[$i] = $a.avg; } for $kv : @y { print($kv.1.load_avg); } }',
  'BEGIN { if (curtask->mm) { print(1); } if (!curtask->mm) { print(2); } $x = curtask->mm ? curtask->mm->pgd : (pgd_t *)0; print($x); print(curtask->mm == 0); @p = curtask; @p = (void *)0; print(@p->pid); }',
  'BEGIN { $i = (uint64)rand % 16; print(curtask->signal->rlim[$i].rlim_cur); print(curtask->comm[$i]); $c = curtask->comm; print($c[$i]); $r = curtask->signal->rlim; print($r[$i].rlim_max); print($r[$i]); @r = $r; $s = @r; print($s[$i].rlim_cur); }',
  'BEGIN { $x = 1; $p = &$x; $y = (1, 2); $q = &$y; @m = 5; $m = &@m; print((*$p, *$m)); @kept = $p; @k2 = $m; print($p + 1); print(*($p + 2)); for $i : 0..2 { print(*$p); $x = $i; } }',
  'BEGIN { $p = (uint64 *)curtask; print($p[3]); print(*$p); $n = (int32)rand; print($p[$n]); print(*($p + $n)); print($p == curtask); print((uint8[8])$p[1]); @bytes[(uint8[])$n] = 1; print((uint32)((uint8[4])$n)); }',
  'BEGIN { print(curtask->sched_reset_on_fork); print(curtask->sched_contributes_to_load + curtask->in_execve); @b[curtask->in_execve] = curtask->sched_migrated; if (curtask->in_execve) { print(1); } print((curtask->in_execve, 1)); }',
  'BEGIN { print(sizeof(struct task_struct)); print(offsetof(struct task_struct, se.avg.load_avg)); $t = (struct task_struct *)((uint64)curtask->comm[0] - offsetof(struct task_struct, comm)); print($t->pid); }',
  `${DEFINITIONS} BEGIN { $p = (struct pair *)rand; print($p->b[1].x); print($p->name); $v = *$p; @v[cpu] = $v; print(@v[0].b[2].y); print(@v[1].name); $i = rand % 4; print($p->b[$i].y); print($v.b[$i].x); print($v.b[$i]); print($p->next->next->a); @k[$v.name, $v.b[0]] = 1; }`,
  'tracepoint:sched:sched_switch { @[curtask->group_leader->comm, curtask->parent->comm] = count(); if (curtask->flags & 0x200000) { return; } @t[curtask] = nsecs; }',
  'tracepoint:syscalls:sys_enter_nanosleep { @r[tid] = (struct __kernel_timespec *)args.rqtp; } tracepoint:syscalls:sys_exit_nanosleep { $r = @r[tid]; printf("%d %d\\n", $r->tv_sec, $r->tv_nsec); @v = *$r; }',
  'profile:hz:99 { @[curtask->se.cfs_rq->nr_queued, curtask->on_cpu] = count(); @s[curtask->nsproxy->uts_ns->name.nodename] = sum(curtask->utime); @u = stats(curtask->se.vruntime); }',
  'BEGIN { $big = *curtask->mm; print($big.total_vm); @s = curtask->signal->rlim; print(TCP_ESTABLISHED); @e = (enum pid_type)1; @e = PIDTYPE_SID; print(curtask->thread_pid->numbers[0].nr); }',
];

let bpf: LinuxBpf | undefined;
beforeAll(async () => {
  if (reason === undefined) bpf = await LinuxBpf.start();
});
afterAll(() => bpf?.close());

describe.skipIf(reason !== undefined || running === undefined)('programs over structs', () => {
  const kernel = kernelOf(readBtf(running!()));
  test.each(SCRIPTS)('%s', async (text) => {
    for (const release of [undefined, '5.15', '5.4'] as const) {
      const source = { name: 'stdin', text };
      const { diagnostics, object } = compile({ source, kernel, target: profileFor(release), env: {} });
      const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
      const own = errors.filter((message) => release === undefined || !/needs Linux|Linux 5/.test(message));
      expect(own).toEqual([]);
      if (object === undefined) continue;
      const maps = await bpf!.createMaps(object);
      for (const { name } of object.programs) {
        const { ok, log } = await bpf!.loadProgram(object, name, maps);
        expect(ok, `${release}: ${log.split('\n').slice(-14).join('\n')}`).toBe(true);
      }
    }
  });
});
