/* Perf events: an array of the machine's CPUs and one of a fixed size. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, sizeof(int));
  __uint(value_size, sizeof(int));
} events SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 2);
} two SEC(".maps");

SEC("tracepoint/raw_syscalls/sys_enter")
int send(void *ctx)
{
  long data[2] = {1, 2};
  bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, data, sizeof data);
  return bpf_perf_event_output(ctx, &two, 1, data, 8) != 0;
}

char LICENSE[] SEC("license") = "GPL";
