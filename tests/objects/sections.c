/* Every section that says where a program attaches. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROGRAM(section, name) \
  SEC(section) int on_##name(void *ctx) { return __LINE__; }

PROGRAM("tracepoint/syscalls/sys_enter_openat", tracepoint)
PROGRAM("raw_tracepoint/sched_wakeup", raw)
PROGRAM("raw_tp.w/bpf_test_finish", raw_writable)
PROGRAM("tp_btf/sched_switch", typed)
PROGRAM("kprobe/do_unlinkat", kprobe)
PROGRAM("kprobe/do_unlinkat+0x10", kprobe_inside)
PROGRAM("kretprobe/vfs_read", kretprobe)
PROGRAM("kprobe.multi/tcp_*", kprobe_multi)
PROGRAM("kretprobe.multi/udp_*", kretprobe_multi)
PROGRAM("ksyscall/openat", ksyscall)
PROGRAM("kretsyscall/openat", kretsyscall)
PROGRAM("uprobe//bin/bash:readline", uprobe)
PROGRAM("uprobe/libc.so.6:malloc+4", uprobe_inside)
PROGRAM("uretprobe.s//usr/bin/env:main", uretprobe)
PROGRAM("usdt/libc.so.6:libc:setjmp", usdt)
PROGRAM("fentry/vfs_read", fentry)
PROGRAM("fexit.s/vfs_write", fexit)
PROGRAM("fmod_ret/security_file_open", modify)
PROGRAM("lsm/file_open", lsm)
PROGRAM("lsm.s/bprm_check_security", lsm_sleepable)
PROGRAM("iter/task", iterator)
PROGRAM("perf_event", sample)
PROGRAM("freplace/other", replacement)
PROGRAM("syscall", from_user)
PROGRAM("cgroup/dev", device)
PROGRAM("kprobe", anywhere)

char LICENSE[] SEC("license") = "GPL";
