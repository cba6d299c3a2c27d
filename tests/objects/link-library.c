/* The other of two files that are linked. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int shared_counter = 1;

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 4);
} shared_map SEC(".maps");

static __attribute__((noinline)) int local(int value)
{
  volatile int copy = value;
  return copy + 100;
}

const volatile int offset = 11;

__attribute__((noinline)) int add(int value)
{
  return local(value) + offset;
}

SEC("raw_tp/sys_enter")
int other(void *ctx)
{
  return ++shared_counter;
}

char LICENSE[] SEC("license") = "GPL";
