/* Functions that the kernel verifies by themselves; a weak and a hidden one. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((noinline)) int scaled(int value, int by)
{
  volatile int copy = value;
  return copy * by;
}

__weak __attribute__((noinline)) int replaceable(int value)
{
  volatile int copy = value;
  return copy + 1;
}

__hidden __attribute__((noinline)) int hidden(int *value)
{
  return *value + 7;
}

int shared __hidden;
int seen;

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  int value = scaled(ctx->args[0], 3);
  shared = replaceable(value);
  seen++;
  return hidden(&value) + shared;
}

char LICENSE[] SEC("license") = "GPL";
