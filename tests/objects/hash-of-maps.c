/* A hash of maps whose inner map has no variable. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
  __type(key, __u64);
  __type(value, __u32);
  __uint(max_entries, 16);
  __array(values, struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, __u32);
    __type(value, struct { int x; int y; });
    __uint(max_entries, 32);
  });
} by_id SEC(".maps");

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u64 id = ctx->args[1];
  return bpf_map_lookup_elem(&by_id, &id) != 0;
}

char LICENSE[] SEC("license") = "GPL";
