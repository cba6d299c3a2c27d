/* Functions of the kernel. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct;
extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;
extern int no_such_function(int value) __ksym __weak;

SEC("tp_btf/task_newtask")
int run(__u64 *ctx)
{
  struct task_struct *task = bpf_task_acquire((void *)ctx[0]);
  if (task)
    bpf_task_release(task);
  if (no_such_function)
    return no_such_function(3);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
