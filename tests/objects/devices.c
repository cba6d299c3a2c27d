/* Maps that packets are sent through. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __type(key, int);
  __type(value, struct bpf_devmap_val);
  __uint(max_entries, 8);
} devices SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 8);
} hashed SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_CPUMAP);
  __type(key, int);
  __type(value, struct bpf_cpumap_val);
  __uint(max_entries, 2);
} cpus SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_XSKMAP);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 4);
} sockets SEC(".maps");

SEC("xdp")
int to_device(struct xdp_md *ctx)
{
  return bpf_redirect_map(&devices, ctx->ingress_ifindex & 7, XDP_PASS);
}

SEC("xdp.frags")
int to_cpu(struct xdp_md *ctx)
{
  return bpf_redirect_map(&cpus, ctx->rx_queue_index & 1, 0);
}

SEC("xdp/devmap")
int on_device(struct xdp_md *ctx)
{
  return bpf_redirect_map(&hashed, 1, 0);
}

SEC("xdp/cpumap")
int on_cpu(struct xdp_md *ctx)
{
  return bpf_redirect_map(&sockets, ctx->rx_queue_index & 3, XDP_PASS);
}

char LICENSE[] SEC("license") = "GPL";
