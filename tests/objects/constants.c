/* Wide constants and narrow ones. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u64 a = ctx->args[0] + 0x123456789abcdef0ull;
  a ^= 0xffffffffffffffffull;
  a *= 0x9e3779b97f4a7c15ull;
  a += 0x80000000ull;
  a -= 0x7fffffff;
  a |= 0xffffffff00000000ull;
  return (int)(a >> 7) ^ (int)a;
}

char LICENSE[] SEC("license") = "GPL";
