/* Accesses to what no kernel has, behind checks of something else. */
#include "types.h"

struct task_struct { int pid; } CORE;
struct task_struct___gone { int no_such_field; } CORE;

SEC("raw_tp/unguarded") int wrong(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  if (bpf_core_field_exists(task->pid)) return BPF_CORE_READ((struct task_struct___gone *)task, no_such_field);
  return 0;
}
