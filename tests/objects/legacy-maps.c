/* The section maps of before libbpf 1.0. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct old_map {
  unsigned type, key_size, value_size, max_entries, map_flags;
};

struct old_map counts SEC("maps") = {
  .type = BPF_MAP_TYPE_HASH,
  .key_size = 4,
  .value_size = 8,
  .max_entries = 100,
};

struct old_map flags SEC("maps") = {
  .type = BPF_MAP_TYPE_ARRAY,
  .key_size = 4,
  .value_size = 16,
  .max_entries = 2,
  .map_flags = BPF_F_RDONLY_PROG,
};

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  int key = 3;
  long value = 4, *found;
  bpf_map_update_elem(&counts, &key, &value, 0);
  found = bpf_map_lookup_elem(&counts, &key);
  key = 1;
  return found && bpf_map_lookup_elem(&flags, &key) ? *found : 0;
}

char LICENSE[] SEC("license") = "GPL";
