/* Atomic operations that need mcpu v3. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

long value;
int small;

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  long old = __sync_fetch_and_add(&value, 5);
  __sync_fetch_and_or(&value, 0x30);
  old += __sync_fetch_and_and(&value, 0x3f);
  old += __sync_fetch_and_xor(&value, 0x11);
  old += __sync_val_compare_and_swap(&small, 0, 9);
  old += __sync_lock_test_and_set(&small, 4);
  __sync_fetch_and_add(&small, 1);
  return old + value + small;
}

char LICENSE[] SEC("license") = "GPL";
