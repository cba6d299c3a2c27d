/* Operations of a structure of the kernel. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sock;

struct tcp_congestion_ops {
  char name[16];
  __u32 flags;
  __u32 (*ssthresh)(struct sock *sk);
  void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
  __u32 (*undo_cwnd)(struct sock *sk);
};

SEC("struct_ops/ssthresh")
__u32 threshold(__u64 *ctx)
{
  return 5;
}

SEC("struct_ops/undo_cwnd")
__u32 undo(__u64 *ctx)
{
  return 7;
}

SEC(".struct_ops")
struct tcp_congestion_ops sample = {
  .name = "sample",
  .ssthresh = (void *)threshold,
  .undo_cwnd = (void *)undo,
};

char LICENSE[] SEC("license") = "GPL";
