/* Maps with a value for each CPU. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, int);
  __type(value, long);
  __uint(max_entries, 2);
} array SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __type(key, int);
  __type(value, char[12]);
  __uint(max_entries, 16);
} hash SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
  __type(key, long);
  __type(value, short);
  __uint(max_entries, 32);
} recent SEC(".maps");

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  int one = 1;
  long *value = bpf_map_lookup_elem(&array, &one);
  char text[12] = "elevenchars";
  short number = 7;
  long key = 9;
  if (value)
    *value += 5;
  bpf_map_update_elem(&hash, &one, text, 0);
  bpf_map_update_elem(&recent, &key, &number, 0);
  return 3;
}

char LICENSE[] SEC("license") = "GPL";
