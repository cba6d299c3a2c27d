/* Bytes of a packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_endian.h>
#include <linux/if_ether.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, __u16);
  __type(value, __u64);
  __uint(max_entries, 32);
} protocols SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
  void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  struct ethhdr *ethernet = data;
  if (data + sizeof *ethernet > end)
    return XDP_DROP;
  __u16 protocol = bpf_ntohs(ethernet->h_proto);
  __u64 one = 1, *count = bpf_map_lookup_elem(&protocols, &protocol);
  if (count)
    *count += 1;
  else
    bpf_map_update_elem(&protocols, &protocol, &one, BPF_ANY);
  return protocol == ETH_P_IP ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
