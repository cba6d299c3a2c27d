/* Maps of control groups. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 2);
} groups SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
  __type(key, struct bpf_cgroup_storage_key);
  __type(value, __u64);
} bytes SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
  __type(key, __u64);
  __type(value, __u32);
} packets SEC(".maps");

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
  __u64 *total = bpf_get_local_storage(&bytes, 0);
  __u32 *count = bpf_get_local_storage(&packets, 0);
  __sync_fetch_and_add(total, skb->len);
  *count += 1;
  return 1;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
  return bpf_skb_under_cgroup(skb, &groups, 0) == 1 ? 0 : -1;
}

char LICENSE[] SEC("license") = "GPL";
