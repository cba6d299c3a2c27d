/* Accesses to what no kernel has, each behind a check: the verifier never comes to them. */
#include "types.h"

struct task_struct { int pid; } CORE;
struct task_struct___gone { int no_such_field; struct task_struct___gone *no_such_task; int no_such_bit : 1; } CORE;
struct no_such_struct { int field; int more; } CORE;
enum no_such_enum { NO_SUCH_VALUE = 7 };

static __attribute__((noinline)) int reader(struct task_struct___gone *task) {
  return BPF_CORE_READ(task, no_such_task, no_such_field);
}

SEC("raw_tp/guards") int branch(__u64 *ctx) {
  struct task_struct___gone *task = (void *)ctx[1];
  if (bpf_core_field_exists(task->no_such_field)) return BPF_CORE_READ(task, no_such_field);
  return BPF_CORE_READ((struct task_struct *)task, pid);
}

SEC("raw_tp/guards") int early(__u64 *ctx) {
  struct no_such_struct *none = (void *)ctx[1];
  if (!bpf_core_type_exists(struct no_such_struct)) return 0;
  int sum = 0;
  for (int i = 0; i < 4; i++) sum += BPF_CORE_READ(none, field) + BPF_CORE_READ(none, more);
  return sum;
}

SEC("raw_tp/guards") int size(__u64 *ctx) {
  struct no_such_struct *none = (void *)ctx[1];
  return bpf_core_type_size(struct no_such_struct) > 4 ? BPF_CORE_READ(none, more) : 1;
}

SEC("raw_tp/guards") int value(__u64 *ctx) {
  if (bpf_core_enum_value_exists(enum no_such_enum, NO_SUCH_VALUE) && ctx[0] > 5)
    return bpf_core_enum_value(enum no_such_enum, NO_SUCH_VALUE);
  return 2;
}

SEC("raw_tp/guards") int subprogram(__u64 *ctx) {
  struct task_struct___gone *task = (void *)ctx[1];
  return bpf_core_field_exists(task->no_such_task) ? reader(task) : 3;
}

SEC("raw_tp/guards") int bits(__u64 *ctx) {
  struct task_struct___gone *task = (void *)ctx[1];
  if (!bpf_core_field_exists(task->no_such_bit)) return ctx[2];
  return BPF_CORE_READ_BITFIELD_PROBED(task, no_such_bit);
}
