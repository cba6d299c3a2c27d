/* An address in data, which no loader fills in. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const char *names[2] = {"one", "two"};

SEC("socket")
int run(struct __sk_buff *skb)
{
  const char *name = names[skb->len & 1];
  return name ? 1 : 0;
}

char LICENSE[] SEC("license") = "GPL";
