/* CO-RE: bitfields, by shifts. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>

struct bits {
  int first : 3;
  unsigned second : 7;
  unsigned third : 17;
  short whole;
} __attribute__((preserve_access_index));

SEC("raw_tp/sched_switch")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  struct bits *bits = (void *)ctx->args[0];
  return BPF_CORE_READ_BITFIELD_PROBED(bits, first) + BPF_CORE_READ_BITFIELD_PROBED(bits, second) +
         BPF_CORE_READ_BITFIELD_PROBED(bits, third);
}

char LICENSE[] SEC("license") = "GPL";
