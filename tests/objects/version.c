/* A kernel version and another license. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u32 _version SEC("version") = 0x060100;

SEC("kprobe/do_unlinkat")
int run(void *ctx)
{
  return bpf_get_current_pid_tgid() >> 32;
}

char _license[] SEC("license") = "Dual MIT/GPL";
