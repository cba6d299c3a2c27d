/* An array of maps with static values. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 4);
} first SEC(".maps"), second SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __type(key, __u32);
  __uint(max_entries, 8);
  __array(values, struct inner);
} outer SEC(".maps") = {
  .values = {[1] = &first, [6] = &second, [7] = &first},
};

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 index = ctx->args[0], zero = 0;
  void *map = bpf_map_lookup_elem(&outer, &index);
  __u64 *value = map ? bpf_map_lookup_elem(map, &zero) : 0;
  if (!value)
    return 0;
  return ++*value;
}

char LICENSE[] SEC("license") = "GPL";
