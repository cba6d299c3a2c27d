/* Variables: with a value, without, constant, static. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int counter = 40;
static int hidden_counter = 2;
long zeros[3];
static long static_zero;
const volatile int factor = 3;
static const volatile char letters[5] = {'a', 'b', 'c', 'd', 'e'};
const volatile struct {
  __u8 low;
  __u64 high;
} pair = {7, 1ull << 40};

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  counter += factor;
  hidden_counter++;
  zeros[ctx->args[0] & 1] += letters[ctx->args[1] & 3];
  static_zero += pair.high >> 38;
  return counter + hidden_counter + zeros[0] + zeros[1] + static_zero + pair.low;
}

char LICENSE[] SEC("license") = "GPL";
