/* A section that means something to somebody else. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const char note[] SEC("my_notes") = "kept as it is";

SEC("socket")
int run(struct __sk_buff *skb)
{
  return skb->len;
}

char LICENSE[] SEC("license") = "GPL";
