/* Tail calls through an array with static values. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int first(void *ctx);
int second(void *ctx);

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 4);
  __uint(key_size, sizeof(__u32));
  __array(values, int(void *));
} steps SEC(".maps") = {
  .values = {[0] = (void *)&first, [3] = (void *)&second},
};

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 2);
  __uint(key_size, 4);
  __uint(value_size, 4);
} empty SEC(".maps");

int total;

SEC("raw_tp/sys_enter")
int first(void *ctx)
{
  total += 1;
  bpf_tail_call(ctx, &steps, 3);
  return 1;
}

SEC("raw_tp/sys_enter")
int second(void *ctx)
{
  total += 10;
  bpf_tail_call(ctx, &empty, 0);
  return 2;
}

SEC("raw_tp/sys_exit")
int entry(void *ctx)
{
  total += 100;
  bpf_tail_call(ctx, &steps, 0);
  return 3;
}

char LICENSE[] SEC("license") = "GPL";
