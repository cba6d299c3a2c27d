/* Programs as people write them: parsers, rewriters, filters. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct flow {
  __u32 source, destination;
  __u16 source_port, destination_port;
  __u8 protocol, tagged, version, unused;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, struct flow);
  __type(value, __u64[2]);
  __uint(max_entries, 4096);
} flows SEC(".maps");

struct cursor {
  void *data, *end;
};

static __noinline int ports(struct cursor *at, struct flow *flow, __u32 offset)
{
  if (offset > 100)
    return 0;
  __u16 *ports = at->data + offset;
  if ((void *)(ports + 2) > at->end)
    return 0;
  flow->source_port = ports[0];
  flow->destination_port = ports[1];
  return 1;
}

/* The context goes through a function of its own. */
static __noinline int parse(struct xdp_md *ctx, struct flow *flow)
{
  struct cursor at = {(void *)(long)ctx->data, (void *)(long)ctx->data_end};
  struct ethhdr *ethernet = at.data;
  __u32 offset = sizeof *ethernet;
  if (at.data + offset > at.end)
    return 0;
  __u16 type = ethernet->h_proto;
  if (type == bpf_htons(ETH_P_8021Q)) {
    if (at.data + offset + 4 > at.end)
      return 0;
    type = *(__u16 *)(at.data + offset + 2);
    offset += 4;
    flow->tagged = 1;
  }
  if (type == bpf_htons(ETH_P_IP)) {
    struct iphdr *ip = at.data + offset;
    if ((void *)(ip + 1) > at.end)
      return 0;
    flow->version = 4;
    flow->protocol = ip->protocol;
    flow->source = ip->saddr;
    flow->destination = ip->daddr;
    return ports(&at, flow, offset + ip->ihl * 4);
  }
  if (type == bpf_htons(ETH_P_IPV6)) {
    struct ipv6hdr *ip = at.data + offset;
    if ((void *)(ip + 1) > at.end)
      return 0;
    flow->version = 6;
    flow->protocol = ip->nexthdr;
    flow->source = ip->saddr.s6_addr32[3];
    flow->destination = ip->daddr.s6_addr32[3];
    return ports(&at, flow, offset + sizeof *ip);
  }
  return 0;
}

SEC("xdp")
int count_flows(struct xdp_md *ctx)
{
  struct flow flow = {};
  __u64 length = ctx->data_end - ctx->data, first[2] = {1, length};
  if (!parse(ctx, &flow))
    return flow.version ? XDP_DROP : XDP_ABORTED;
  __u64 *seen = bpf_map_lookup_elem(&flows, &flow);
  if (seen) {
    seen[0]++;
    seen[1] += length;
  } else
    bpf_map_update_elem(&flows, &flow, first, BPF_ANY);
  return flow.protocol == IPPROTO_TCP ? XDP_TX : XDP_PASS;
}

SEC("xdp")
int push_vlan(struct xdp_md *ctx)
{
  if (bpf_xdp_adjust_head(ctx, -4))
    return XDP_ABORTED;
  __u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 18 > end)
    return XDP_DROP;
  for (int i = 0; i < 12; i++)
    data[i] = data[i + 4];
  *(__u16 *)(data + 12) = bpf_htons(ETH_P_8021Q);
  *(__u16 *)(data + 14) = bpf_htons(42);
  return XDP_TX;
}

SEC("xdp")
int pop_vlan(struct xdp_md *ctx)
{
  __u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 18 > end || *(__u16 *)(data + 12) != bpf_htons(ETH_P_8021Q))
    return XDP_PASS;
  for (int i = 11; i >= 0; i--)
    data[i + 4] = data[i];
  return bpf_xdp_adjust_head(ctx, 4) ? XDP_ABORTED : XDP_TX;
}

/* IP in IP, with the outer header's checksum. */
SEC("xdp")
int encapsulate(struct xdp_md *ctx)
{
  void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  struct ethhdr *ethernet = data, moved;
  if (data + sizeof *ethernet + sizeof(struct iphdr) > end || ethernet->h_proto != bpf_htons(ETH_P_IP))
    return XDP_PASS;
  moved = *ethernet;
  __u16 length = end - data - sizeof *ethernet + sizeof(struct iphdr);
  if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct iphdr)))
    return XDP_ABORTED;
  data = (void *)(long)ctx->data;
  end = (void *)(long)ctx->data_end;
  struct iphdr *ip = data + sizeof *ethernet;
  if ((void *)(ip + 1) > end)
    return XDP_ABORTED;
  *(struct ethhdr *)data = moved;
  struct iphdr outer = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_IPIP, .tot_len = bpf_htons(length),
    .saddr = bpf_htonl(0x0a000001), .daddr = bpf_htonl(0x0a000002)};
  __u32 sum = bpf_csum_diff(0, 0, (__be32 *)&outer, sizeof outer, 0);
  sum = (sum & 0xffff) + (sum >> 16);
  outer.check = ~((sum & 0xffff) + (sum >> 16));
  *ip = outer;
  return XDP_TX;
}

/* Takes the last bytes: a trailer of a length that the packet tells. */
SEC("xdp")
int cut_trailer(struct xdp_md *ctx)
{
  __u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 15 > end)
    return XDP_DROP;
  int by = (data[14] & 63) - 32;
  return bpf_xdp_adjust_tail(ctx, by) ? XDP_ABORTED : XDP_PASS;
}

SEC("tc")
int rewrite_address(struct __sk_buff *skb)
{
  __u32 to = bpf_htonl(0xc0000201), from;
  __u8 protocol;
  if (skb->protocol != bpf_htons(ETH_P_IP))
    return TC_ACT_UNSPEC;
  if (bpf_skb_load_bytes(skb, 26, &from, 4) || bpf_skb_load_bytes(skb, 23, &protocol, 1))
    return TC_ACT_SHOT;
  int at = protocol == IPPROTO_TCP ? 34 + 16 : protocol == IPPROTO_UDP ? 34 + 6 : 0;
  if (at && bpf_l4_csum_replace(skb, at, from, to, 4 | BPF_F_PSEUDO_HDR | (at == 40 ? BPF_F_MARK_MANGLED_0 : 0)))
    return TC_ACT_SHOT;
  bpf_l3_csum_replace(skb, 24, from, to, 4);
  bpf_skb_store_bytes(skb, 26, &to, 4, 0);
  return TC_ACT_OK;
}

/* Direct writes, through pointers that are spilled. */
SEC("tc")
int direct_write(struct __sk_buff *skb)
{
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct ethhdr *ethernet = data;
  if (data + sizeof *ethernet > end)
    return TC_ACT_SHOT;
  __u8 swapped[6];
  __builtin_memcpy(swapped, ethernet->h_source, 6);
  __builtin_memcpy(ethernet->h_source, ethernet->h_dest, 6);
  __builtin_memcpy(ethernet->h_dest, swapped, 6);
  if (bpf_skb_pull_data(skb, 40))
    return TC_ACT_PIPE;
  data = (void *)(long)skb->data;
  end = (void *)(long)skb->data_end;
  if (data + 40 > end)
    return TC_ACT_SHOT;
  ((__u8 *)data)[39] ^= 0x55;
  return TC_ACT_OK;
}

struct fields {
  __u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority, ingress_ifindex,
    ifindex, tc_index, cb[5], hash, tc_classid, napi_id, wire_len, gso_segs, gso_size, metadata;
  __u64 tstamp, hwtstamp;
  __u8 tstamp_type, low, second;
};

struct fields before = {1}, after = {1};

static __noinline void keep(struct __sk_buff *skb, struct fields *to)
{
  to->len = skb->len;
  to->pkt_type = skb->pkt_type;
  to->mark = skb->mark;
  to->protocol = skb->protocol;
  to->vlan_present = skb->vlan_present;
  to->vlan_tci = skb->vlan_tci;
  to->vlan_proto = skb->vlan_proto;
  to->priority = skb->priority;
  to->ingress_ifindex = skb->ingress_ifindex;
  to->ifindex = skb->ifindex;
  to->tc_index = skb->tc_index;
  for (int i = 0; i < 5; i++)
    to->cb[i] = skb->cb[i];
  to->hash = skb->hash;
  to->tc_classid = skb->tc_classid;
  to->napi_id = skb->napi_id;
  to->gso_segs = skb->gso_segs;
  to->gso_size = skb->gso_size;
  to->metadata = skb->data - skb->data_meta;
  to->tstamp = skb->tstamp;
  to->hwtstamp = skb->hwtstamp;
  to->low = *(volatile __u8 *)&skb->mark;
  to->second = ((volatile __u8 *)&skb->len)[1];
}

SEC("tc")
int context_fields(struct __sk_buff *skb)
{
  keep(skb, &before);
  skb->mark = 0x12345678;
  skb->priority = 0xfedcba98;
  skb->tc_index = 0x11119999;
  skb->tc_classid = 0x2222aaaa;
  skb->cb[0] = skb->len;
  skb->cb[4] = 5;
  skb->tstamp = 0x1122334455667788;
  keep(skb, &after);
  return TC_ACT_OK;
}

SEC("tc")
int queue(struct __sk_buff *skb)
{
  skb->queue_mapping = 7;
  after.queue_mapping = skb->queue_mapping;
  skb->queue_mapping = 0x20003;
  before.queue_mapping = skb->queue_mapping;
  return after.queue_mapping << 16 | before.queue_mapping;
}

SEC("tc")
int computed_queue(struct __sk_buff *skb)
{
  __u32 found = 0;
  for (int i = 0; i < 40; i += 8) {
    __u32 word;
    if (bpf_skb_load_bytes(skb, i, &word, 4))
      break;
    skb->queue_mapping = i & 8 ? word : word & 0x1ffff;
    found = found * 31 + skb->queue_mapping;
  }
  return found;
}

struct visit {
  struct __sk_buff *skb;
  __u32 sum;
};

/* The context in a structure on the stack of the caller. */
static long visit(__u32 index, struct visit *visit)
{
  __u8 byte;
  if (bpf_skb_load_bytes(visit->skb, index, &byte, 1))
    return 1;
  visit->sum = visit->sum * 31 + byte + visit->skb->len;
  return 0;
}

SEC("tc")
int sum_bytes(struct __sk_buff *skb)
{
  struct visit all = {skb, 0};
  bpf_loop(2000, visit, &all, 0);
  skb->mark = all.sum;
  return all.sum;
}

unsigned long long load_byte(void *skb, unsigned long long off) asm("llvm.bpf.load.byte");
unsigned long long load_half(void *skb, unsigned long long off) asm("llvm.bpf.load.half");
unsigned long long load_word(void *skb, unsigned long long off) asm("llvm.bpf.load.word");

/* What `tcpdump -ddd "udp or tcp port 53"` makes of it, from the network layer on. */
SEC("socket")
int filter(struct __sk_buff *skb)
{
  __u32 version = load_byte(skb, 0) >> 4;
  if (version == 6) {
    __u32 next = load_byte(skb, 6);
    if (next != IPPROTO_TCP && next != IPPROTO_UDP)
      return 0;
    return load_half(skb, 40) == 53 || load_half(skb, 42) == 53 ? 262144 : 0;
  }
  __u32 protocol = load_byte(skb, 9);
  if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
    return 0;
  if (load_half(skb, 6) & 0x1fff)
    return 0;
  __u32 header = (load_byte(skb, 0) & 15) * 4;
  return load_half(skb, header) == 53 || load_half(skb, header + 2) == 53 ? 262144 : 60;
}

/* Offsets from the link layer and the network layer. */
SEC("socket")
int relative(struct __sk_buff *skb)
{
  __u32 type = load_half(skb, (__u32)(-0x200000 + 12)), word = load_word(skb, (__u32)-0x100000);
  return type << 16 ^ word ^ load_byte(skb, 1);
}

SEC("socket")
int filter_bytes(struct __sk_buff *skb)
{
  __u8 some[6];
  if (bpf_skb_load_bytes(skb, 2, some, 6))
    return skb->len;
  if (bpf_skb_load_bytes_relative(skb, 12, some + 4, 2, BPF_HDR_START_MAC))
    return 3;
  skb->cb[2] = some[3];
  return some[0] << 24 | some[4] << 16 | some[5] << 8 | skb->cb[2];
}

SEC("cgroup_skb/ingress")
int own_group(struct __sk_buff *skb)
{
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct iphdr *ip = data;
  if ((void *)(ip + 1) > end)
    return 0;
  before.mark = skb->family;
  before.len = skb->len;
  before.protocol = skb->protocol;
  if (skb->protocol == bpf_htons(ETH_P_IP)) {
    before.cb[0] = skb->local_ip4;
    before.cb[1] = skb->remote_ip4;
  } else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
    before.cb[2] = skb->local_ip6[0] ^ skb->local_ip6[3];
    before.cb[3] = skb->remote_ip6[1] ^ skb->remote_ip6[3];
  }
  return ip->protocol == IPPROTO_UDP;
}

char LICENSE[] SEC("license") = "GPL";
