/* One of two files that are linked: it uses the other's map, variable and function. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int shared_counter;
int add(int value);

extern struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 4);
} shared_map SEC(".maps");

static __attribute__((noinline)) int local(int value)
{
  volatile int copy = value;
  return copy * 2;
}

int own = 5;

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 key = 1, value = add(ctx->args[0]);
  bpf_map_update_elem(&shared_map, &key, &value, 0);
  shared_counter += own;
  return local(value) + shared_counter;
}

char LICENSE[] SEC("license") = "GPL";
