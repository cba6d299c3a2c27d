/* Arithmetic alone: a hash of a text. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile char text[64] = "the quick brown fox jumps over the lazy dog";

static __attribute__((noinline)) __u32 fnv(__u32 seed)
{
  __u32 hash = 2166136261u ^ seed;
  for (int i = 0; i < 64; i++) {
    if (!text[i])
      break;
    hash = (hash ^ text[i]) * 16777619u;
  }
  return hash;
}

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 a = fnv(ctx->args[0]), b = fnv(ctx->args[1]);
  return a / (b | 1) + a % 1000 + (b >> 3);
}

char LICENSE[] SEC("license") = "GPL";
