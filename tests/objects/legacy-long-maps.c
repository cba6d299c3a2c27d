/* Definitions longer than the loader knows. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct long_map {
  unsigned type, key_size, value_size, max_entries, map_flags, inner, numa;
};

struct long_map one SEC("maps") = {
  .type = BPF_MAP_TYPE_ARRAY,
  .key_size = 4,
  .value_size = 4,
  .max_entries = 1,
};

SEC("socket")
int run(struct __sk_buff *skb)
{
  int key = 0, *value = bpf_map_lookup_elem(&one, &key);
  return value ? *value : 1;
}

char LICENSE[] SEC("license") = "GPL";
