/* Slots of an array. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u32[4]);
  __uint(max_entries, 8);
} slots SEC(".maps");

SEC("raw_tp/sys_enter")
int fill(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 index = ctx->args[0];
  __u32 *slot = bpf_map_lookup_elem(&slots, &index);
  if (!slot)
    return -1;
  for (int i = 0; i < 4; i++)
    slot[i] += index * 10 + i;
  return slot[3];
}

char LICENSE[] SEC("license") = "GPL";
