/* CO-RE: ids, sizes and existence of types. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>

struct task_struct___x {
  int pid;
};
typedef int pid_t___mine;
union thing {
  int a;
};

SEC("raw_tp/sched_switch")
int run(void *ctx)
{
  int result = bpf_core_type_exists(struct task_struct___x);
  result += bpf_core_type_size(struct task_struct___x);
  result += bpf_core_type_id_local(union thing);
  result += bpf_core_type_id_kernel(struct task_struct___x);
  result += bpf_core_type_exists(pid_t___mine) << 8;
  return result;
}

char LICENSE[] SEC("license") = "GPL";
