/* A tracepoint's context by CO-RE, as libbpf's tools read it: `struct trace_event_raw_sched_switch` of vmlinux.h. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* Neither the order nor the other fields are the kernel's: relocation finds those that are used. */
struct trace_event_raw_sched_switch {
  int next_pid;
  int prev_pid;
  long prev_state;
  char next_comm[16];
} __attribute__((preserve_access_index));

struct trace_event_raw_sched_wakeup_template___old {
  int success;
} __attribute__((preserve_access_index));

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __type(key, int);
  __type(value, long);
} switches SEC(".maps");

long still_running;
int has_success = -1;

SEC("tracepoint/sched/sched_switch")
int on_switch(struct trace_event_raw_sched_switch *ctx)
{
  int pid = ctx->next_pid;
  long one = 1, *count = bpf_map_lookup_elem(&switches, &pid);
  if (count)
    ++*count;
  else
    bpf_map_update_elem(&switches, &pid, &one, BPF_ANY);
  if (ctx->prev_state == 0)
    still_running++;
  return 0;
}

SEC("tracepoint/sched/sched_wakeup")
int on_wakeup(struct trace_event_raw_sched_wakeup_template___old *ctx)
{
  if (bpf_core_field_exists(ctx->success))
    has_success = ctx->success;
  else
    has_success = 0;
  return 0;
}

SEC("tracepoint/sched/sched_waking")
int unguarded(struct trace_event_raw_sched_wakeup_template___old *ctx)
{
  return ctx->success;
}

char LICENSE[] SEC("license") = "GPL";
