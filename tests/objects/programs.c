/* Several programs in one section, and their sections by turns. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int calls;

SEC("tp/sched/sched_switch")
int one(void *ctx)
{
  return ++calls;
}

SEC("raw_tp/sched_switch")
int two(void *ctx)
{
  calls += 2;
  return 2;
}

SEC("tp/sched/sched_switch")
int three(void *ctx)
{
  calls += 3;
  return 3;
}

SEC("?raw_tp/sched_switch")
int four(void *ctx)
{
  return bpf_get_smp_processor_id();
}

SEC("tp/sched/sched_switch")
int five(void *ctx)
{
  return bpf_ktime_get_ns() > 5;
}

char LICENSE[] SEC("license") = "GPL";
