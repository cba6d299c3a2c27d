/* Maps by bare sizes, with every number an attribute can have. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(key_size, 12);
  __uint(value_size, 40);
  __uint(max_entries, 5);
  __uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_NUMA_NODE);
  __uint(numa_node, 0);
} bare SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __uint(key_size, 4);
  __type(value, struct { char text[3]; });
  __uint(value_size, 3);
  __uint(max_entries, 1 << 20);
  __uint(map_flags, BPF_F_RDONLY_PROG | BPF_F_MMAPABLE);
} both SEC(".maps");

SEC("socket")
int run(struct __sk_buff *skb)
{
  char key[12] = {};
  int index = 5;
  return (bpf_map_lookup_elem(&bare, key) != 0) + (bpf_map_lookup_elem(&both, &index) != 0);
}

char LICENSE[] SEC("license") = "GPL";
