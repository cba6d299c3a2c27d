/** Items of output, command line, diagnostics and exit codes (sections 2.12 to 2.18), and those of the library that are no row of its table. */
import { inBegin, row, type Section } from './row.ts';

export const OUTPUT: readonly Section[] = [
  {
    number: '2.12',
    title: 'Text output',
    rows: [
      row(
        'integers, booleans, strings',
        '`print(v)`',
        inBegin('print(1); print(true); print("a");'),
        /print\((true|\d|")/,
      ),
      row(
        'tuples, arrays, records',
        '`(1, 2)`, `[1,2]`, `{ .a = 1 }`',
        inBegin('print((1, 2)); print((a = 1, b = 2));'),
        /print\(\(/,
      ),
      row('maps', '`@x[key]: value`', inBegin('@x[1] = 2; print(@x);'), /print\(@\w*\)/),
      row(
        'order and `top`, `div`',
        '`print(@m, top, div)`',
        inBegin('@m[1] = count(); print(@m, 5, 2);'),
        /print\(@\w*, \d+/,
      ),
      row('histograms', '`hist`, `lhist`', inBegin('@ = hist(5); @l = lhist(5, 0, 10, 1);'), /\bl?hist\(/),
      row('time series', '`tseries`', inBegin('@ = tseries(5, 1s, 10);'), /\btseries\(/),
      row('stacks', 'three modes', 'profile:hz:99 { @[kstack(perf, 3)] = count(); }', /\b[ku]stack\(/),
    ],
  },
  {
    number: '2.13',
    title: 'printf',
    rows: [
      row(
        'integers',
        '`%d %i %u %o %x %X %c %p`',
        inBegin('printf("%d %i %u %o %x %X %c %p\\n", 1, 1, 1, 1, 1, 1, 65, 1);'),
        /%[ouxXcp]/,
      ),
      row(
        'lengths',
        '`hh h l ll j z t`',
        inBegin('printf("%hhd %hd %ld %lld %zd\\n", 1, 1, 1, 1, 1);'),
        /%(hh|h|l|ll|j|z|t)[dux]/,
      ),
      row(
        'width, precision, flags',
        '`%-10s %5d %05d %+d`',
        inBegin('printf("%-10s|%5d|%05d|%+d|%.3s\\n", "a", 1, 1, 1, "abcdef");'),
        /%[-+0]?\d+[ds]/,
      ),
      row('any value as text', '`%s`', inBegin('printf("%s %s\\n", "a", (1, 2));'), /%s/),
      row(
        'buffers',
        '`%r %rx %rh`',
        inBegin('printf("%r %rx %rh\\n", buf("a", 1), buf("a", 1), buf("a", 1));'),
        /%r/,
      ),
      row('GFP flags', '`%gr`', inBegin('printf("%gr\\n", 0xcc0);'), /%gr/),
    ],
  },
  {
    number: '2.14',
    title: 'JSON output',
    rows: [
      row('one object a line', '`-f json`', inBegin('@x[1] = 1; print(@x);'), /./, {
        note: 'cases in tests/cases/bpftrace/json.txt',
      }),
    ],
  },
  {
    number: '2.16',
    title: 'Command line',
    rows: [
      row('checking', '`bpfkit check`', inBegin(''), /^$/, { note: 'tests/cli/check.test.ts' }),
      row('formatting', '`bpfkit fmt`, `--fmt`', inBegin(''), /^$/, { note: 'tests/cli/fmt.test.ts' }),
      row('listing', '`-l`, `-lv`', inBegin(''), /^$/, { note: 'tests/cli/commands.test.ts' }),
      row('output', '`-o FILE`, `-f`, `-B`, `-q`', inBegin(''), /^$/, { note: 'tests/cli/commands.test.ts' }),
    ],
  },
  {
    number: '2.17',
    title: 'Diagnostics',
    rows: [
      row('place and excerpt', '`file:line:col1-col2: ERROR: …`', inBegin(''), /^$/, {
        note: 'tests/compiler/diagnostics/render.test.ts',
      }),
      row('every mistake of a run', 'errors, then warnings', inBegin(''), /^$/, {
        note: 'tests/compiler/check/several-errors.test.ts',
      }),
      row('as data', '`--diagnostics json`', inBegin(''), /^$/, { note: 'tests/cli/check.test.ts' }),
      row('explained', '`bpfkit explain CODE`', inBegin(''), /^$/, {
        note: 'tests/docs/explain.test.ts',
      }),
    ],
  },
  {
    number: '2.18',
    title: 'Exit codes and lifetime',
    rows: [
      row('end by a script', '`exit(code)`', inBegin('exit(3);'), /\bexit\(/),
      row('order', 'begin, events, end, maps', 'BEGIN { print(1); } END { print(2); }', /\b(END|end)\b/),
    ],
  },
];

/** A script for each builtin and function of sections 2.9 and 2.10 whose call needs arguments or a certain probe. */
export const CALLS: Readonly<Record<string, string>> = {
  args: 'tracepoint:sched:sched_switch { print(args.next_pid); }',
  arg0: 'kprobe:vfs_read { print(arg0); }',
  sarg0: 'kprobe:vfs_read { print(sarg0); }',
  ctx: 'kprobe:vfs_read { print((uint64)ctx); }',
  comm: inBegin('print(comm);'),
  config: inBegin('print(config.max_strlen);'),
  func: 'kprobe:vfs_read { print(func); }',
  curtask: 'kprobe:vfs_read { print(curtask->pid); }',
  retval: 'kretprobe:vfs_read { print(retval); }',
  kstack: 'kprobe:vfs_read { @[kstack] = count(); }',
  ustack: 'kprobe:vfs_read { @[ustack] = count(); }',
  count: inBegin('@ = count();'),
  sum: inBegin('@ = sum(1);'),
  min: inBegin('@ = min(1);'),
  max: inBegin('@ = max(1);'),
  avg: inBegin('@ = avg(1);'),
  stats: inBegin('@ = stats(1);'),
  hist: inBegin('@ = hist(1); @b = hist(1, 3);'),
  lhist: inBegin('@ = lhist(1, 0, 10, 1);'),
  tseries: inBegin('@ = tseries(1, 1s, 10, "avg");'),
  assert: inBegin('assert(pid > 0, "no pid");'),
  assert_str: inBegin('assert_str("a");'),
  static_assert: inBegin('static_assert(1 == 1, "no");'),
  fail: inBegin('if (false) { fail("never"); }'),
  bswap: inBegin('print(bswap((uint16)1));'),
  buf: inBegin('print(buf("abc", 3));'),
  cat: inBegin('cat("/proc/uptime");'),
  cgroup_path: inBegin('print(cgroup_path(cgroup));'),
  cgroupid: inBegin('print(cgroupid("/sys/fs/cgroup"));'),
  container_of:
    'kprobe:vfs_read { $f = container_of((struct path *)arg0, struct file, f_path); print($f->f_flags); }',
  debugf: inBegin('debugf("a %d", 1);'),
  dw_ustack: 'uprobe:./sample-gcc-v5.so:walk { @[dw_ustack()] = count(); }',
  errorf: inBegin('errorf("a %d", 1);'),
  warnf: inBegin('warnf("a %d", 1);'),
  exit: inBegin('exit();'),
  find: inBegin('@m[1] = 2; $v = 0; if (find(@m, 1, $v)) { print($v); }'),
  has_key: inBegin('@m[1] = 2; print(has_key(@m, 1));'),
  is_array: inBegin('print(is_array(1));'),
  is_integer: inBegin('print(is_integer(1));'),
  is_unsigned_integer: inBegin('print(is_unsigned_integer(1));'),
  is_ptr: inBegin('print(is_ptr(1));'),
  is_str: inBegin('print(is_str("a"));'),
  is_literal: inBegin('print(is_literal(1));'),
  is_err: 'kretprobe:vfs_read { print(is_err((uint8 *)retval)); }',
  join: 'tracepoint:syscalls:sys_enter_execve { join(args.argv); }',
  kaddr: inBegin('print(kaddr("jiffies"));'),
  percpu_kaddr: inBegin('print(percpu_kaddr("runqueues", 0));'),
  kfunc_exist: inBegin('print(kfunc_exist("bpf_task_acquire"));'),
  kfunc_allowed: inBegin('print(kfunc_allowed("bpf_task_acquire"));'),
  kptr: 'kprobe:vfs_read { print(kptr((uint8 *)arg0)); }',
  uptr: 'kprobe:vfs_read { print(uptr((uint8 *)arg1)); }',
  ksym: 'kprobe:vfs_read { print(ksym(arg0)); }',
  usym: 'uprobe:./sample-gcc-v5.so:walk { print(usym(arg0)); }',
  len: inBegin('@m[1] = 1; print(len(@m));'),
  macaddr: inBegin('print(macaddr((uint8[6])"abcdef"));'),
  memcmp: inBegin('print(memcmp("a", "b", 1));'),
  nsecs: inBegin('print(nsecs); print(nsecs(monotonic));'),
  ntop: inBegin('print(ntop(0x0100007f));'),
  override: 'kprobe:vfs_read { override(1); }',
  path: 'fentry:vfs_read { print(path(args.file->f_path)); }',
  print: inBegin('print(1);'),
  printf: inBegin('printf("%d\\n", 1);'),
  pton: inBegin('print(pton("127.0.0.1"));'),
  reg: 'kprobe:vfs_read { print(reg("ip")); }',
  signal: 'kprobe:vfs_read { signal("SIGTERM"); }',
  signal_thread: 'kprobe:vfs_read { signal_thread(9); }',
  signal_name: inBegin('print(signal_name(9));'),
  strerror: inBegin('print(strerror(2));'),
  syscall_name: inBegin('print(syscall_name(1));'),
  skboutput: 'fentry:__dev_queue_xmit { $r = skboutput("x.pcap", args.skb, 64, 0); print($r); }',
  socket_cookie: 'fentry:tcp_connect { print(socket_cookie(args.sk)); }',
  str: 'tracepoint:syscalls:sys_enter_openat { print(str(args.filename)); print(str(args.filename, 10)); }',
  str_concat: inBegin('print(str_concat("a", "b"));'),
  strcap: inBegin('print(strcap("abc"));'),
  strlen: inBegin('print(strlen(comm));'),
  strcontains: inBegin('print(strcontains(comm, "a"));'),
  strstr: inBegin('print(strstr(comm, "a"));'),
  strncmp: inBegin('print(strncmp(comm, "ab", 2));'),
  strftime: inBegin('print(strftime("%H:%M:%S", nsecs));'),
  system: inBegin('system("true");'),
  time: inBegin('time("%H\\n");'),
  uaddr: 'uprobe:./sample-gcc-v5.so:walk { print(uaddr("walk")); }',
  unwatch: inBegin('unwatch(0x1000);'),
  write_user: 'kprobe:vfs_read { $x = 1; write_user((uint8 *)arg1, &$x, 1); }',
  zero: inBegin('@ = count(); zero(@);'),
  clear: inBegin('@ = count(); clear(@);'),
  delete: inBegin('@m[1] = 1; delete(@m, 1);'),
  getopt: inBegin('print(getopt("n", 1));'),
  usermode: 'profile:hz:99 { print(usermode); }',
  elapsed: inBegin('print(elapsed);'),
};

/** Names of section 2.9. */
export const BUILTINS: readonly string[] =
  'arg0 sarg0 args ctx cgroup comm config cpid has_cpid cpu ncpus numaid curtask elapsed func gid uid jiffies kstack ustack leader_comm leader_tid pcomm ppid nsecs pid tid probe probetype rand retval usermode username'.split(
    ' ',
  );

/** Names of section 2.10. */
export const FUNCTIONS: readonly string[] =
  'assert assert_str static_assert fail bswap buf cat cgroup_path cgroupid container_of debugf dw_ustack errorf warnf exit find has_key is_array is_integer is_unsigned_integer is_ptr is_str is_literal is_err join kaddr percpu_kaddr kfunc_exist kfunc_allowed kptr uptr ksym usym len macaddr memcmp ntop override path print printf pton reg signal signal_thread signal_name strerror syscall_name skboutput socket_cookie str str_concat strcap strlen strcontains strstr strncmp strftime system time uaddr unwatch write_user zero clear delete count sum min max avg stats hist lhist tseries'.split(
    ' ',
  );

/** A script for each provider. */
export const PROBES: Readonly<Record<string, string>> = {
  begin: 'begin { print(1); }',
  end: 'end { print(1); }',
  self: 'self:signal:SIGUSR1 { print(1); }',
  test: 'test:one { return 0; }',
  bench: 'bench:one { print(1); }',
  kprobe: 'kprobe:vfs_read, kprobe:vfs_read+4, k:vfs_w* { @ = count(); }',
  kretprobe: 'kretprobe:vfs_read { @[retval] = count(); }',
  fentry: 'fentry:vfs_read { @[args.count] = count(); }',
  fexit: 'fexit:vfs_read { @[retval] = hist(args.count); }',
  uprobe: 'uprobe:./sample-gcc-v5.so:walk { @ = count(); }',
  uretprobe: 'uretprobe:./sample-gcc-v5.so:walk { @[retval] = count(); }',
  usdt: 'usdt:./sample-gcc-v5.so:loop { @ = count(); }',
  tracepoint: 'tracepoint:sched:sched_switch { @[args.next_comm] = count(); }',
  rawtracepoint: 'rawtracepoint:sched_switch { @[arg0] = count(); }',
  profile: 'profile:hz:99, profile:1ms { @ = count(); }',
  interval: 'interval:s:1, interval:1ms { @ = count(); }',
  software: 'software:page-faults:100 { @ = count(); }',
  hardware: 'hardware:cycles:1000000 { @ = count(); }',
  watchpoint: 'watchpoint:0x10000000:8:rw { @ = count(); }',
  iter: 'iter:task { print(ctx.task->pid); }',
};

/** Refused without a running machine: what they ask for is in no file about a kernel. */
export const MACHINE: ReadonlySet<string> = new Set(['cgroupid', 'dw_ustack']);
