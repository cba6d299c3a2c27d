/* Jumps of every kind. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) int kind(long value)
{
  switch (value) {
  case 0: return 5;
  case 1: return 17;
  case 2: return 23;
  case 3: return 8;
  case 4: return 99;
  case 1000: return 3;
  case -1: return 4;
  default: return 0;
  }
}

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  long a = ctx->args[0], b = ctx->args[1];
  int result = kind(a) + kind(b);
  if (a < b)
    result += 1000;
  if ((unsigned long)a >= 1ul << 40)
    result += 2000;
  if ((int)a > (int)b)
    result += 4000;
  if (a & 4)
    result += 8000;
  return result == 1005 ? kind(-1) : result;
}

char LICENSE[] SEC("license") = "GPL";
