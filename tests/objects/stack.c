/* Nearly all of the stack. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  volatile __u64 words[56];
  for (int i = 0; i < 56; i++)
    words[i] = i * ctx->args[0];
  __u64 sum = 0;
  for (int i = 0; i < 56; i++)
    sum += words[i] ^ i;
  return sum;
}

char LICENSE[] SEC("license") = "GPL";
