/* A Bloom filter of three hash functions. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
  __type(value, __u64);
  __uint(max_entries, 1000);
  __uint(map_extra, 3);
} seen SEC(".maps");

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u64 value = ctx->args[1];
  if (bpf_map_peek_elem(&seen, &value) == 0)
    return 1;
  return bpf_map_push_elem(&seen, &value, 0) ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
