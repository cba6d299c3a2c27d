/* Loops that stay loops. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) __u32 gcd(__u32 a, __u32 b)
{
  for (int i = 0; i < 64 && b; i++) {
    __u32 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 sum = 0;
#pragma clang loop unroll(disable)
  for (int i = 1; i < 50; i++) {
    if (i % 7 == 3)
      continue;
    sum += gcd(i * 6, ctx->args[0] & 0xff);
    if (sum > 1000)
      break;
  }
  return sum;
}

char LICENSE[] SEC("license") = "GPL";
