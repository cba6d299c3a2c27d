/* A hash map that counts. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key {
  __u32 a;
  __u16 b;
  __u16 c;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, struct key);
  __type(value, __u64);
  __uint(max_entries, 64);
} counts SEC(".maps");

SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
  struct key key = {.a = ctx->args[0] & 7, .b = 2, .c = 3};
  __u64 one = 1, *count = bpf_map_lookup_elem(&counts, &key);
  if (!count) {
    bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST);
    return 1;
  }
  *count += ctx->args[1];
  return *count;
}

char LICENSE[] SEC("license") = "GPL";
