/* CO-RE: values of enumerations. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>

enum hrtimer_mode___x {
  HRTIMER_MODE_REL = 1,
  HRTIMER_MODE_NONE = 77,
};

SEC("raw_tp/sched_switch")
int run(void *ctx)
{
  if (!bpf_core_enum_value_exists(enum hrtimer_mode___x, HRTIMER_MODE_REL))
    return 100;
  return bpf_core_enum_value(enum hrtimer_mode___x, HRTIMER_MODE_REL) +
         bpf_core_enum_value_exists(enum hrtimer_mode___x, HRTIMER_MODE_NONE) * 10;
}

char LICENSE[] SEC("license") = "GPL";
