/** Loops with callbacks, captured variables, big strings and aggregations pass this machine's verifier (load only). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import { LinuxBpf } from '../../tests/linux/bpf-syscall.ts';

const S = 'tracepoint:sched:sched_switch';
const scripts = [
  `${S} { if (strcontains(args.prev_comm, "sh")) { @a = strlen(args.next_comm); } $s = "some text that is longer than others"; @b = strncmp(args.prev_comm, "kworker", 7); @c = strcontains($s, comm); @d = strlen($s); @e = strncmp($s, @f, 40); @f = $s; $i = args.prev_pid; @g = args.next_comm[$i]; }`,
  'config = { max_strlen = 128 } tracepoint:syscalls:sys_enter_openat { $n = args.flags; @s[str(args.filename, $n)] = count(); $t = str(args.filename); if (strcontains($t, "etc/passwd")) { printf("%s %d", str(args.filename, $n), strlen($t)); } @l = strcontains(comm, $t); }',
  'BEGIN { for $i : 0..20 { $s = 1; if ($i == 7) { continue; } if ($i > 10) { break; } for $j : 2..4 { @x[$i, $j] = $i * $j; $s += $j; } @s = $s; } }',
  'BEGIN { $a=1; $b=2; $c=3; $d=4; $e=5; $f=6; $g=7; $h=8; $j=9; $k=10; $l=11; $m=12; $n=13; $o=14; $p=15; $q=16; $r=17; $s=18; $t=19; $u=20; for $i : 0..3 { for $v : 0..3 { for $w : 0..3 { $a+=$b+$c+$d+$e+$f+$g+$h+$j+$k+$l+$m+$n+$o+$p+$q+$r+$s+$t+$u; @[$a,$i,$v,$w]=comm; } } } print($a); }',
  'BEGIN { for $i : 0..10 { if ($i == 5) { break; } $y = $i; printf("%d\\n", $y); } $k = 3; for $i : 0..3 { $k += $i; if ($k > 4) { return; } } print($k); }',
  'BEGIN { @m[1] = 2; @c["x"] = count(); for $kv : @m { print($kv); print($kv.0); } for $kv : @c { print($kv.1); } print(@c["x"]); print((int64)@c["x"]); }',
  'BEGIN { $s = "abc"; $s = "abcdefgh"; if ($s == "abc") { print($s); } $t = (1, "hi", (int8)3); @t[$t] = $s; print(@t[$t]); print($t.1); print((a=1,b="x").b); }',
  `${S} { $p = args.prev_comm; for $i : 0..3 { for $j : 0..2 { if ($j == 1) { continue; } @x[$i, $j] = args.next_pid; if ($p == comm) { return; } printf("%s %d", $p, $i); } } }`,
  `${S} { @s[args.next_comm] = sum(args.prev_prio); @h[cpu] = hist(args.next_pid, 2); @l[(int8)cpu] = lhist(nsecs, 0, 1000, 10); @m = max(args.prev_pid); @v = avg(-1); print(@m); if (@m > 3) { exit(2); } print(@v); }`,
  'tracepoint:syscalls:sys_enter_openat { @f[str(args.filename)] = count(); $f = str(args.filename); printf("%s %s\\n", comm, $f); if ($f == "/etc/passwd") { print(elapsed); } @n[$f] = args.flags; }',
  'BEGIN { $a = str($1) ; $b = "0123456789012345678901234567890123456789"; @q = $b; $c = @q; if ($c == $b) { print($c); } if (@q == $b) { printf("%s", @q); } }',
  'tracepoint:sched:sched_process_exec { @[str(args.filename)] = count(); printf("%s\\n", args.filename); if (args.filename == "/bin/ls") { @c = count(); } }',
  `${S} { $n = 0; while ($n < 10) { $n++; if ($n == 5) { continue; } if ($n == 8) { break; } } @x[$n] = nsecs; delete(@x, 3); $d = delete(@x[4]); @z -= $n; @y[comm]--; @w[1] /= 3; print((1, comm, $n)); $p = @w[1] ? 3 : 4; print($p); @a += 5; print(-$n >> 3); }`,
  `${S} { @st[args.next_comm] = args.prev_comm; print(@st[comm]); @tt[1] = (args.prev_pid, args.next_comm); $t = @tt[1]; print($t); if (@tt[1].1 == "x") { print(1); } for $kv : @st { printf("%s %s", $kv.0, $kv.1); } }`,
  // Of a length that may be negative only the lower half is compared.
  'tracepoint:syscalls:sys_enter_openat { $n = (int32)args.flags; if ($n > 0) { printf("%s %r", str(args.filename, $n), buf(args.filename, $n < 24 ? $n : 24)); print(str(args.filename, $n < 9 ? $n : 9)); } }',
  // Each reading walks all CPUs there may be.
  `${S} { @lo = min(args.prev_pid); @hi = max(args.prev_pid); @mean = avg(args.prev_pid); unroll (3) { printf("%d %d %d", @lo, @hi, @mean); } }`,
];
let bpf: LinuxBpf | undefined;
beforeAll(async () => {
  if (LinuxBpf.reason() === undefined) bpf = await LinuxBpf.start();
});
afterAll(() => bpf?.close());
test.skipIf(LinuxBpf.reason() !== undefined).each(scripts)('%s', async (text) => {
  const kernel = createSimKernel({ seed: 1, cpus: 2 }).describe();
  for (const v of [undefined, '5.19', '5.4', '4.18'] as const) {
    const r = compile({
      source: { name: 'stdin', text },
      kernel,
      target: profileFor(v),
      params: ['abc'],
      env: {},
    });
    const errors = r.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message);
    expect(
      errors.filter((message) => v === undefined || !/needs Linux|Linux 4.18 takes/.test(message)),
    ).toEqual([]);
    if (!r.ok) continue;
    const maps = await bpf!.createMaps(r.object!);
    for (const p of r.object!.programs) {
      const a = await bpf!.loadProgram(r.object!, p.name, maps);
      expect(a.ok, a.log?.split('\n').slice(-14).join('\n')).toBe(true);
    }
  }
});
