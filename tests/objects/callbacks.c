/* Addresses of static functions, for helpers to call. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 3);
} numbers SEC(".maps");

struct state {
  long sum;
  long calls;
};

static long each(void *map, __u32 *key, __u32 *value, struct state *state)
{
  state->sum += *value + *key;
  return 0;
}

static long step(__u32 index, struct state *state)
{
  state->calls++;
  return index == 6;
}

SEC("raw_tp/sys_enter")
int run(void *ctx)
{
  struct state state = {};
  for (__u32 i = 0; i < 3; i++) {
    __u32 key = i, value = i * 100;
    bpf_map_update_elem(&numbers, &key, &value, 0);
  }
  bpf_for_each_map_elem(&numbers, each, &state, 0);
  bpf_loop(20, step, &state, 0);
  return state.sum + state.calls * 1000;
}

char LICENSE[] SEC("license") = "GPL";
