/* What else is asked of fields: existence, size, sign and shifts; of bitfields most of all. */
#include "types.h"

struct task_struct {
  unsigned int flags;
  int prio;
  char comm[16];
  unsigned sched_reset_on_fork : 1;
  unsigned sched_contributes_to_load : 1;
  unsigned sched_migrated : 1;
  unsigned in_execve : 1;
  unsigned in_iowait : 1;
  unsigned no_cgroup_migration : 1;
  unsigned long nvcsw;
} CORE;

struct tcp_sock {
  __u16 tcp_header_len;
  __u32 snd_cwnd;
  __u8 chrono_type : 2, rate_app_limited : 1, fastopen_connect : 1, fastopen_no_cookie : 1, is_sack_reneg : 1;
  __u8 nonagle : 4, thin_lto : 1, recvmsg_inq : 1, repair : 1, frto : 1;
  __u32 retrans_stamp;
} CORE;

struct sk_buff {
  __u8 cloned : 1, nohdr : 1, fclone : 2, peeked : 1;
  __u8 pkt_type : 3, ignore_df : 1, ip_summed : 2;
  __u32 len;
} CORE;

struct iphdr { __u8 ihl : 4, version : 4; __u8 tos; __be16 tot_len; __u8 ttl; } CORE;
struct page___none { int no_such_bits : 3; } CORE;
struct sched_dl_entity { __s64 runtime; unsigned int dl_throttled : 1, dl_yielded : 1, dl_non_contending : 1; } CORE;

#define ASPECTS(base, field)                                                \
  do {                                                                      \
    USE(__builtin_preserve_field_info((base)->field, BPF_FIELD_EXISTS));      \
    USE(__builtin_preserve_field_info((base)->field, BPF_FIELD_BYTE_SIZE));   \
    USE(__builtin_preserve_field_info((base)->field, BPF_FIELD_BYTE_OFFSET)); \
    USE(__builtin_preserve_field_info((base)->field, BPF_FIELD_SIGNED));      \
    USE(__builtin_preserve_field_info((base)->field, BPF_FIELD_LSHIFT_U64));  \
    USE(__builtin_preserve_field_info((base)->field, BPF_FIELD_RSHIFT_U64));  \
  } while (0)

SEC("raw_tp/sched_switch") int plain(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  struct tcp_sock *tcp = (void *)ctx[2];
  struct sk_buff *skb = (void *)ctx[3];
  __u64 sink = 0;
  ASPECTS(task, flags);
  ASPECTS(task, prio);
  ASPECTS(task, nvcsw);
  ASPECTS(tcp, snd_cwnd);
  ASPECTS(tcp, tcp_header_len);
  ASPECTS(skb, len);
  USE(bpf_core_field_size(task->comm));
  USE(bpf_core_field_offset(task->comm));
  USE(bpf_core_field_size(task->comm[2]));
  USE(bpf_core_field_offset(task->comm[2]));
  return sink;
}

SEC("raw_tp/sched_switch") int bits(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  struct sk_buff *skb = (void *)ctx[3];
  struct iphdr *ip = (void *)ctx[4];
  struct sched_dl_entity *dl = (void *)ctx[5];
  __u64 sink = 0;
  ASPECTS(task, sched_reset_on_fork);
  ASPECTS(task, sched_contributes_to_load);
  ASPECTS(task, sched_migrated);
  ASPECTS(task, in_execve);
  ASPECTS(task, in_iowait);
  ASPECTS(task, no_cgroup_migration);
  ASPECTS(skb, fclone);
  ASPECTS(skb, pkt_type);
  ASPECTS(skb, ip_summed);
  ASPECTS(ip, ihl);
  ASPECTS(ip, version);
  ASPECTS(dl, dl_throttled);
  ASPECTS(dl, dl_non_contending);
  return sink;
}

SEC("raw_tp/sched_switch") int tcp(__u64 *ctx) {
  struct tcp_sock *tcp = (void *)ctx[2];
  __u64 sink = 0;
  ASPECTS(tcp, chrono_type);
  ASPECTS(tcp, fastopen_connect);
  ASPECTS(tcp, nonagle);
  ASPECTS(tcp, repair);
  ASPECTS(tcp, frto);
  return sink;
}

SEC("raw_tp/sched_switch") int reads(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  return BPF_CORE_READ_BITFIELD(task, in_execve) + BPF_CORE_READ_BITFIELD_PROBED(task, sched_migrated);
}

SEC("raw_tp/sched_switch") int missing(__u64 *ctx) {
  struct page___none *page = (void *)ctx[1];
  __u64 sink = 0;
  ASPECTS(page, no_such_bits);
  return sink;
}
