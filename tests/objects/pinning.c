/* A map that is shared by its name. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 1);
  __uint(pinning, LIBBPF_PIN_BY_NAME);
} shared SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 1);
  __uint(pinning, LIBBPF_PIN_NONE);
} own SEC(".maps");

SEC("xdp")
int run(struct xdp_md *ctx)
{
  int key = 0;
  return bpf_map_lookup_elem(&shared, &key) == bpf_map_lookup_elem(&own, &key) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
