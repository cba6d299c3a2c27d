/* Does with a packet what the operations in `ops` say, and keeps what each gave and what the context told afterwards. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#define OPS 8

struct operation {
  __u32 kind;
  __u32 a;
  __u64 b, c, d;
};

struct answer {
  __s64 result;
  __u32 len, packet, pkt_type, protocol, vlan_present, vlan_tci, vlan_proto, hash;
};

struct operation ops[OPS] = {{1}};
struct answer answers[OPS] = {{1}};
__u8 buffer[64] = {1};

static __always_inline __s64 bytes(struct __sk_buff *skb, struct operation *op)
{
  __u32 length = op->c & 63;
  if (length == 0)
    length = 1;
  switch (op->kind) {
  case 1:
    return bpf_skb_load_bytes(skb, op->a, buffer, length);
  case 2:
    return bpf_skb_load_bytes_relative(skb, op->a, buffer, length, op->b);
  case 3:
    return bpf_skb_store_bytes(skb, op->a, buffer, length, op->b);
  case 4:
    return bpf_skb_pull_data(skb, op->a);
  }
  return -1;
}

static __always_inline __s64 room(struct __sk_buff *skb, struct operation *op)
{
  switch (op->kind) {
  case 5:
    return bpf_l3_csum_replace(skb, op->a, op->b, op->c, op->d);
  case 6:
    return bpf_l4_csum_replace(skb, op->a, op->b, op->c, op->d);
  case 7:
    return bpf_skb_vlan_push(skb, op->a, op->b);
  case 8:
    return bpf_skb_vlan_pop(skb);
  case 9:
    return bpf_skb_change_tail(skb, op->a, op->b);
  case 10:
    return bpf_skb_change_head(skb, op->a, op->b);
  case 11:
    return bpf_skb_change_proto(skb, op->a, op->b);
  case 12:
    return bpf_skb_change_type(skb, op->a);
  case 13:
    return bpf_skb_adjust_room(skb, op->a, op->b, op->c);
  }
  return -1;
}

static __always_inline __s64 facts(struct __sk_buff *skb, struct operation *op)
{
  switch (op->kind) {
  case 14:
    return bpf_csum_level(skb, op->b);
  case 15:
    return bpf_csum_update(skb, op->a);
  case 16:
    bpf_set_hash(skb, op->a);
    return bpf_get_hash_recalc(skb);
  case 17:
    bpf_set_hash_invalid(skb);
    return 0;
  case 18:
    return bpf_skb_ecn_set_ce(skb);
  case 19:
    return bpf_redirect(op->a, op->b);
  case 21: {
    __u32 length = op->b;
    __s64 result = bpf_check_mtu(skb, op->a, &length, op->c, op->d);
    return result << 32 | length;
  }
  case 22:
    return bpf_skb_set_tstamp(skb, op->b, op->a);
  case 20:
    return bpf_csum_diff((__be32 *)buffer, op->a & 12, (__be32 *)(buffer + 16), op->b & 28, op->c);
  }
  return -1;
}

SEC("tc")
int tc_ops(struct __sk_buff *skb)
{
  for (int i = 0; i < OPS; i++) {
    struct operation *op = &ops[i];
    struct answer *answer = &answers[i];
    if (op->kind == 0)
      break;
    if (op->kind <= 4)
      answer->result = bytes(skb, op);
    else if (op->kind <= 13)
      answer->result = room(skb, op);
    else
      answer->result = facts(skb, op);
    answer->len = skb->len;
    answer->packet = skb->data_end - skb->data;
    answer->pkt_type = skb->pkt_type;
    answer->protocol = skb->protocol;
    answer->vlan_present = skb->vlan_present;
    answer->vlan_tci = skb->vlan_tci;
    answer->vlan_proto = skb->vlan_proto;
    answer->hash = skb->hash;
  }
  return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
