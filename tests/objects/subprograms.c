/* Static functions, called and calling. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) long twice(long value)
{
  return value * 2 + 1;
}

static __attribute__((noinline)) long sum(long a, long b, long c)
{
  return twice(a) + twice(b) - c;
}

static __attribute__((noinline)) int deep(long value)
{
  return sum(value, twice(value), 3);
}

SEC("raw_tp/sys_enter")
int first(struct bpf_raw_tracepoint_args *ctx)
{
  return sum(ctx->args[0], ctx->args[1], 5) + twice(1);
}

SEC("raw_tp/sys_exit")
int second(struct bpf_raw_tracepoint_args *ctx)
{
  return deep(ctx->args[0]);
}

char LICENSE[] SEC("license") = "GPL";
