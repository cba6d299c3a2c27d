/* The address of a global function. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((noinline)) long count(__u32 index, void *context)
{
  return index > 3;
}

static __attribute__((noinline)) long none(__u32 index, void *context)
{
  return 1;
}

SEC("raw_tp/sys_enter")
int run(void *ctx)
{
  return bpf_loop(10, count, 0, 0) + bpf_loop(5, none, 0, 0) * 100;
}

char LICENSE[] SEC("license") = "GPL";
