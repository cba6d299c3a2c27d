/**
 * What library functions answer in this machine's kernel and in the VM: each script runs once as a raw tracepoint program
 * by test-run, and its maps hold the same afterwards. Nothing is attached.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import { openSnapshotFile, snapshotPath } from '../../runtime/node/snapshot-file.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import { LinuxBpf } from './bpf-syscall.ts';

/** Bodies of begin probes that put what they find into maps; language.md §2.10 is what they are about. */
const BODIES: readonly string[] = [
  // memcmp: the sign of the first difference, bytes unsigned
  '$t = "some text that is longer than others"; $u = "some zext"; @r[0] = memcmp("abc", "abd", 3); @r[1] = memcmp($t, $u, 9); @r[2] = memcmp($u, $t, 9); @r[3] = memcmp($t, $u, 5); @r[4] = memcmp("\\xff", "a", 1); @r[5] = memcmp($t, $t, 0);',
  // bswap by the operand's width
  '$a = (uint16)0x1234; $b = (uint32)0x12345678; $c = (uint64)0x123456789abcdef0; $d = (uint8)7; @r[0] = bswap($a); @r[1] = bswap($b); @r[2] = bswap($c); @r[3] = bswap($d); @r[4] = bswap(0x1234);',
  // texts of numbers, known and not
  '$n = pid & 0; @e[0] = strerror($n + 2); @e[1] = strerror($n + 133); @s[0] = signal_name(9); @c[0] = syscall_name(59); @u[0] = syscall_name($n + 5000); @v[0] = signal_name($n + 100);',
  // strstr, strcontains: inline and, for long strings, by bpf_loop
  '$t = "some text that is longer than others"; $n = "text"; @r[0] = strstr($t, "text"); @r[1] = strstr($t, "texts"); @r[2] = strstr($t, $n); @r[3] = strstr($t, "") ; @r[4] = strstr("", $n); @r[5] = strstr($t, $t);',
  '$long = str_concat("0123456789012345678901234567890123456789", "x"); @long = str_concat(str_concat(str_concat($long, $long), str_concat($long, $long)), str_concat(str_concat($long, $long), "needle at the end of it")); $end = str_concat("needle at the end ", "of it"); @n = str_concat(str_concat($end, ""), ""); @r[0] = strstr(@long, @n); @r[1] = strstr(@long, $long); @r[2] = strstr(@long, "needle at the end of its own and of other things that are not to be found"); @r[3] = strstr(@n, @long);',
  // str_concat, str of a string with a length, strcap
  '$t = "some text that"; @a = str_concat($t, "xyz"); @b[str_concat($t, "k")] = 1; @b["some text thatk"] = 2; @c = str($t, 4); $n = 6; @d = str($t, $n); @e[0] = strcap($t); @e[1] = strlen(str_concat($t, $t));',
  // find leaves the variable alone on a miss; delete tells what it did
  '@m[1] = 5; $v = 7; if (find(@m, 2, $v)) { @bad = 1; } @r[0] = $v; if (find(@m, 1, $v)) { @r[1] = $v; } @s["k"] = "value"; $s = "-"; if (find(@s, "k", $s)) { @got = $s; } @c["x"] = count(); @c["x"] = count(); $n = (uint64)0; if (find(@c, "x", $n)) { @r[2] = $n; } @d[0] = delete(@m, 1); @d[1] = delete(@m, 1); @d[2] = has_key(@m, 1);',
  // addresses of both sizes, buffers, longer and shorter
  '@a[1] = ntop(0x0100007f); @a[2] = ntop(pton("2001:db8::1")); $f = pid & 0; @a[3] = ntop($f + 2, 7); @p = pton("10.1.2.3"); @k[ntop($f)] = 1; @b[1] = buf("some text", 9); @b[2] = buf("x", 1); @b[3] = buf(pton("1.2.3.4")); $n = ($f & 0) + 3; @b[4] = buf("some text", $n);',
  // named parameters are zero before user space fills them
  '@o[0] = getopt("n", 5); @o[1] = getopt("flag") ? 1 : 0; @s = getopt("s", "text");',
  '@r[0] = is_err((uint64)-2); @r[1] = is_err((uint64)-4095); @r[2] = is_err((uint64)-4096); @r[3] = is_err((uint64)0);',
];

/** Whole scripts that the verifier has to take, for the newest kernel and for old ones. */
// override() and write_user() are not here: few kernels are built for the one, and lockdown forbids the other.
const SCRIPTS: readonly string[] = [
  'kprobe:vfs_read { signal("SIGUSR1"); signal(pid); signal_thread(10); $r = strerror(pid); print($r); }',
  `tracepoint:sched:sched_switch { @[ksym(kaddr("jiffies")), usym(nsecs)] = count(); $q = percpu_kaddr("runqueues", args.next_pid);
    if ($q != 0) { print($q); } print(percpu_kaddr("runqueues")); @u = usym(3); print((1, ksym(2))); }`,
  `tracepoint:sched:sched_switch { @[kstack, comm] = count(); @u[ustack(3)] = count(); @v[tid] = kstack(perf); $k = @v[tid];
    if ($k == kstack(perf)) { print($k); } print((1, ustack(raw))); @l = len(kstack(3)); }`,
  `tracepoint:syscalls:sys_enter_execve { join(args.argv); join(args.argv, ","); @b[comm] = buf(args.filename, 16); $n = args.__syscall_nr;
    @c = buf(args.filename, $n); @m = macaddr(args.filename); print(cgroup_path(cgroup, "u*")); @u[username] = count(); }`,
  `interval:s:1 { @t[cpu] = tseries(nsecs, 1s, 60, "avg"); @u = tseries(-5, 1s, 60); @v["x"] = tseries(nsecs, 100ms, 60, "max");
    @w = nsecs(sw_tai); debugf("%d %s %lx", pid, comm, nsecs); assert(pid != 0, "idle"); errorf("%s", ntop(1)); warnf("%d", 1); }`,
  `interval:s:1 { if (getopt("verbose")) { print(getopt("name", "none")); } @[getopt("key", "k")] = getopt("n", 5); cat("%s", comm);
    system("echo %d", pid); @h = hist(nsecs, getopt("n", 5) > 3 ? 2 : 2); }`.replace(
    ', getopt("n", 5) > 3 ? 2 : 2',
    ', 5',
  ),
  'interval:s:1 { @[kstack(500)] = count(); @b[ustack(build_id)] = count(); $s = ustack(build_id, 5); @n = len($s); }',
  'profile:hz:99 { $k = kstack; @n = len($k); for $i : 0..3 { @[ustack(perf, 20), $i] = count(); } }',
];

/** Linux 6.1 has everything; values come from what the VM can run too. */
function build(text: string, kernel: KernelInfo, release?: KernelRelease): CompileResult {
  const source = { name: 'stdin', text };
  return compile({ source, kernel, target: profileFor(release), env: {}, unsafe: true });
}

function errorsOf({ diagnostics }: CompileResult): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** The script's maps as text, in the form of `LinuxBpf.dump`. */
type Contents = Readonly<Record<string, readonly string[]>>;

async function inVm({ object, info }: CompileResult): Promise<Contents> {
  const kernel = createSimKernel({ seed: 1, cpus: 2 });
  const loaded = await kernel.load(object!);
  const ignore = { record: () => undefined, lost: () => undefined, warning: () => undefined, stopped: false };
  await kernel.runOnce(object!.programs[0]!, ignore);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const maps = info!.maps.filter(({ perCpu }) => !perCpu);
  return Object.fromEntries(
    maps.map(({ name }) => [
      name,
      [...loaded.map(name).entries()].map(({ key, value }) => `${hex(key)}=${hex(value)}`).sort(),
    ]),
  );
}

async function inKernel(bpf: LinuxBpf, { object, info }: CompileResult): Promise<Contents> {
  const { ok, log, program, maps } = await bpf.loadObject(object!, object!.programs[0]!.name);
  expect(ok, log.split('\n').slice(-14).join('\n')).toBe(true);
  await bpf.testRun(program!, { context: new Uint8Array(64) });
  const found: Record<string, readonly string[]> = {};
  for (const { name, perCpu } of info!.maps) {
    if (perCpu) continue;
    const entries = await bpf.dump(maps.get(name)!);
    found[name] = [...entries].map(([key, value]) => `${key}=${value}`).sort();
  }
  await bpf.unload(program!);
  return found;
}

describe.skipIf(LinuxBpf.reason() !== undefined)('the kernel and the VM answer the same', () => {
  let bpf: LinuxBpf;
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
  });
  afterAll(() => bpf.close());

  test.each(BODIES)('%s', async (body) => {
    const script = build(`begin { ${body} }`, createSimKernel({ seed: 1, cpus: 2 }).describe());
    expect(errorsOf(script)).toEqual([]);
    const wanted = await inKernel(bpf, script);
    expect(await inVm(script)).toEqual(wanted);
    expect(Object.values(wanted).flat().length).toBeGreaterThan(0);
  });
});

describe.skipIf(LinuxBpf.reason() !== undefined)('the kernel takes', () => {
  const linux = openSnapshotFile(snapshotPath('linux-6.1', ''));
  let bpf: LinuxBpf;
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
  });
  afterAll(() => bpf.close());

  test.each(
    SCRIPTS.flatMap((text) => ([undefined, '5.4'] as const).map((release) => [text, release] as const)),
  )('%s for %s', async (text, release) => {
    const script = build(text, linux, release);
    const { object } = script;
    // What a release lacks is told, not compiled.
    expect(errorsOf(script).filter((one) => release === undefined || !/needs Linux 5/.test(one))).toEqual([]);
    if (!script.ok) return;
    const maps = await bpf.createMaps(object!);
    for (const { name } of object!.programs) {
      const { ok, log, program } = await bpf.loadProgram(object!, name, maps);
      expect(ok, log.split('\n').slice(-14).join('\n')).toBe(true);
      await bpf.unload(program!);
    }
  });
});
