/* Stacks, plain and with build ids. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(key_size, 4);
  __uint(value_size, 127 * 8);
  __uint(max_entries, 100);
} stacks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(map_flags, BPF_F_STACK_BUILD_ID);
  __type(key, __u32);
  __type(value, struct bpf_stack_build_id[20]);
  __uint(max_entries, 100);
} with_ids SEC(".maps");

SEC("perf_event")
int sample(void *ctx)
{
  long id = bpf_get_stackid(ctx, &stacks, 0);
  return id < 0 ? bpf_get_stackid(ctx, &with_ids, BPF_F_USER_STACK) < 0 : 0;
}

char LICENSE[] SEC("license") = "GPL";
