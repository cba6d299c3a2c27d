/* CO-RE: where fields are, how large, and whether they exist. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>

struct inner___flavour {
  int a;
  long b[4];
} __attribute__((preserve_access_index));

struct task_struct {
  int pid;
  int tgid;
  struct task_struct *parent;
  struct inner___flavour inner;
  char comm[16];
  union {
    int here;
    long there;
  };
} __attribute__((preserve_access_index));

SEC("raw_tp/sched_switch")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  struct task_struct *task = (void *)ctx->args[1];
  int pid = BPF_CORE_READ(task, parent, tgid);
  long b = BPF_CORE_READ(task, inner.b[2]);
  char comm[16];
  bpf_core_read_str(comm, sizeof comm, &task->comm);
  if (bpf_core_field_exists(task->there))
    pid += bpf_core_field_size(task->there);
  return pid + b + comm[0] + bpf_core_field_offset(struct task_struct, pid);
}

SEC("tp_btf/sched_switch")
int direct(__u64 *ctx)
{
  struct task_struct *task = (void *)ctx[1];
  return task->pid + task->parent->tgid;
}

char LICENSE[] SEC("license") = "GPL";
