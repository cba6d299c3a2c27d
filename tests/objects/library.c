/* Subprograms alone: no program. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((noinline)) int helper(int value)
{
  volatile int copy = value;
  return copy - 1;
}

char LICENSE[] SEC("license") = "GPL";
