/* A trie of prefixes. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct prefix {
  __u32 length;
  __u8 address[4];
};

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct prefix);
  __type(value, __u32);
  __uint(max_entries, 1000);
} routes SEC(".maps");

SEC("xdp")
int route(struct xdp_md *ctx)
{
  struct prefix prefix = {.length = 32, .address = {10, 0, 0, 1}};
  __u32 *value = bpf_map_lookup_elem(&routes, &prefix);
  return value ? *value & 3 : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
