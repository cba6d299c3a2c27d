/* Maps of sockets. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_SOCKMAP);
  __type(key, int);
  __type(value, __u64);
  __uint(max_entries, 4);
} by_index SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_SOCKHASH);
  __type(key, __u64);
  __type(value, int);
  __uint(max_entries, 4);
} by_key SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 4);
} ports SEC(".maps");

SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb)
{
  return bpf_sk_redirect_map(skb, &by_index, 0, 0);
}

SEC("sk_msg")
int message(struct sk_msg_md *msg)
{
  __u64 key = 4;
  return bpf_msg_redirect_hash(msg, &by_key, &key, BPF_F_INGRESS);
}

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *md)
{
  int key = 1;
  return bpf_sk_select_reuseport(md, &ports, &key, 0) ? SK_DROP : SK_PASS;
}

SEC("sockops")
int operations(struct bpf_sock_ops *ops)
{
  return ops->op == BPF_SOCK_OPS_TCP_CONNECT_CB;
}

char LICENSE[] SEC("license") = "GPL";
