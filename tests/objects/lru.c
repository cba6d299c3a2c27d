/* Maps that forget. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 128);
} shared SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(map_flags, BPF_F_NO_COMMON_LRU);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 128);
} own SEC(".maps");

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 key = ctx->args[0], value = ctx->args[1];
  bpf_map_update_elem(&shared, &key, &value, BPF_ANY);
  __u32 *found = bpf_map_lookup_elem(&shared, &key);
  return found ? *found : 0;
}

SEC("raw_tp/sys_exit")
int other(void *ctx)
{
  __u32 key = 1;
  return bpf_map_delete_elem(&own, &key) ? 1 : 0;
}

char LICENSE[] SEC("license") = "GPL";
