/* A queue and a stack: maps without keys. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_QUEUE);
  __type(value, __u32);
  __uint(max_entries, 4);
} queue SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_STACK);
  __type(value, __u32);
  __uint(max_entries, 4);
} stack SEC(".maps");

SEC("raw_tp/sys_enter")
int run(void *ctx)
{
  __u32 sum = 0, value;
  for (int i = 1; i < 4; i++) {
    value = i;
    bpf_map_push_elem(&queue, &value, 0);
    bpf_map_push_elem(&stack, &value, 0);
  }
  if (bpf_map_pop_elem(&queue, &value) == 0)
    sum += value;
  if (bpf_map_peek_elem(&stack, &value) == 0)
    sum += value * 10;
  return sum;
}

char LICENSE[] SEC("license") = "GPL";
