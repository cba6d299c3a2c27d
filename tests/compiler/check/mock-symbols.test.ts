/** `--mock-symbols`: what a script names of its machine is there, and what that tells has some type. */
import { expect, test } from 'vitest';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { check } from '../../../compiler/check-script.ts';
import { bundledSnapshot, openSnapshotFile } from '../../../runtime/node/snapshot-file.ts';

const kernel = openSnapshotFile(bundledSnapshot('linux-6.1')!);

function errors(text: string): string[] {
  const { diagnostics } = check({
    ...{
      source: { name: 'stdin', text },
      target: profileFor('6.1'),
      kernel,
      mockSymbols: true,
      unsafe: true,
    },
    lints: new Set(),
  });
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

test.each(
  String.raw`
kprobe:f { 1 }
kprobe:f { @[arg0, kstack] = count(); }
kretprobe:f { $x = retval; print($x); @ = hist(retval); }
k:f,k:g { @[func] = count(); }
kprobe:mod:f { 1 }
kprobe:f+0x10 { 1 }
kprobe:f* { @[probe] = count(); }
fentry:f { $x = args.foo; print($x->bar.baz); }
fentry:mod:f { print(args.foo->x + 1); }
fexit:f { print(retval); print(str(retval->name)); }
kfunc:f { printf("%s %d\n", str(args.name), args.len); }
uprobe:/bin/nope:f { @[ustack] = count(); print(arg0); }
uprobe:/bin/nope:f { printf("%s\n", str(arg0)); }
uprobe:/bin/nope:f { print(args.x); print(sarg0); }
uprobe:/bin/nope:0x1234 { print(reg("ip")); }
uprobe:/bin/nope:cpp:f { print(1); }
uprobe:libfoo:f { print(uaddr("main")); }
uprobe:*:f { print(1); }
uretprobe:/bin/nope:f { print(retval); @x[retval] = count(); }
usdt:/bin/nope:prov:name { print(arg0); print(str(arg1)); }
usdt:/bin/nope:name { print(arg0); }
usdt:/bin/nope:* { print(probe); }
tracepoint:cat:ev { print(args.foo); @[args.bar, args.baz.x] = sum(args.len); }
tracepoint:cat:ev { printf("%s %d %x\n", str(args.name), args.a, args.b); if (args.x == 5) { @a = args.y; } }
tracepoint:cat:ev /args.foo > 3/ { $x = args.foo + 1; $y = $x / 2; print(($x, $y)); }
tracepoint:cat:* { @[probe] = count(); }
tracepoint:sched:sched_switch { print(args.no_such); }
rawtracepoint:ev { print(arg0); print(args.foo); }
rt:mod:ev { print(arg0); }
iter:nope { print(ctx.x->y); }
iter:task { printf("%d\n", ctx.task->pid); }
watchpoint:0x1000:8:rw { print(1); }
hardware:cycles:1000 { @ = count(); }
software:page-faults:1 { @ = count(); }
interval:s:1 { print(@x); @x = 1; }
BEGIN { $x = (struct nope *)1; print($x->y); }
kprobe:f { $s = (struct nope *)arg0; @[$s->a.b->c] = count(); printf("%s\n", str($s->name)); }
kprobe:f { print(((struct task_struct *)arg0)->nofield); print(offsetof(struct task_struct, nofield)); }
kprobe:f { print(sizeof(struct nope)); print(offsetof(struct nope, a)); }
kprobe:f { print(kaddr("nope")); print(ksym(arg0)); }
kprobe:f { @ = usym(arg0); print(curtask->pid); }
kprobe:f { if (kfunc_exist("nope")) { print(1); } }
kprobe:f { let $x: struct nope *; $x = (struct nope *)arg0; print($x); }
self:signal:SIGUSR1 { print(@x); @x = 1; }
kprobe:f { @start[tid] = nsecs; } kretprobe:f /@start[tid]/ { @ns = hist(nsecs - @start[tid]); delete(@start, tid); }
fentry:vfs_read { print(args.file->f_path.dentry->d_name.name); print(str(args.file->f_path.dentry->d_name.name)); }
kprobe:f { $a = args.x; @[$a] = count(); for ($kv : @) { print($kv.0); } }
tracepoint:cat:ev { $x = args.a; if ($x) { print($x[0]); } print(ntop(args.saddr)); print(macaddr(args.mac)); }
tracepoint:cat:ev { join(args.argv); $s = args.flags & 0x10 ? "a" : "b"; print($s); @m[args.x]++; @q[args.x] = args.y; print(@q[args.x] + 1); }
k*:f { @ = count(); }
kprobe:"f.isra.0" { 1 }
uprobe:./build/a.out:main { @x = *(uint8 *)arg0; @y = *((struct foo *)arg0).a; }
END { clear(@x); @x[1] = 1; }
struct foo { int a; }; kprobe:f { print(((struct foo *)arg0)->a); }
kprobe:f { print(percpu_kaddr("nope")); print(cgroupid("/sys/fs/cgroup/nope")); }
fentry:f { $p = path(args.file->f_path); print($p); }
`
    .trim()
    .split('\n'),
)('%s', (text) => {
  expect(errors(text)).toEqual([]);
});

test.each(
  String.raw`
kprobe:f { foo(); }
kprobe:f { $x = "a" + nope; }
tracepoint:cat:ev { printf("%d"); }
tracepoint:cat:ev { @x = count(); @x = args.y; @x = "a"; }
nope:f { 1 }
struct foo { int a; }; kprobe:f { print(((struct foo *)arg0)->b); }
kprobe { 1 }
kretprobe:f+4 { 1 }
tracepoint:cat { 1 }
usdt:x { 1 }
uprobe:/bin/x { 1 }
profile:hz { 1 }
interval:s { 1 }
hardware:nope { 1 }
software:nope { 1 }
watchpoint:0x1000:3:rw { 1 }
BEGIN { print(args.x); }
BEGIN { print(arg0); }
BEGIN { print(retval); }
kprobe:f { print(retval); }
`
    .trim()
    .split('\n'),
)('still wrong: %s', (text) => {
  expect(errors(text)).not.toEqual([]);
});
