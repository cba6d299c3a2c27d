/* clang -target bpf -g -O2 -c guard.c */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, __u16);
  __type(value, __u64);
  __uint(max_entries, 64);
} dropped SEC(".maps");

/* Drops UDP to port 9999 and above, and counts it by port. */
SEC("xdp")
int guard(struct xdp_md *ctx)
{
  void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  struct ethhdr *ethernet = data;
  struct iphdr *ip = (void *)(ethernet + 1);
  struct udphdr *udp = (void *)(ip + 1);
  if ((void *)(udp + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP)
    return XDP_PASS;
  __u16 port = bpf_ntohs(udp->dest);
  if (port < 9999)
    return XDP_PASS;
  __u64 one = 1, *count = bpf_map_lookup_elem(&dropped, &port);
  if (count)
    __sync_fetch_and_add(count, 1);
  else
    bpf_map_update_elem(&dropped, &port, &one, BPF_ANY);
  return XDP_DROP;
}

/* Puts what is left into VLAN 42. */
SEC("tc")
int tag(struct __sk_buff *skb)
{
  return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), 42) ? TC_ACT_SHOT : TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
