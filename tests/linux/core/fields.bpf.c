/* Offsets of fields: loads, stores, address arithmetic; nested, anonymous, in arrays; renamed, missing, resized. */
#include "types.h"

struct load_weight { unsigned long weight; } CORE;
struct sched_entity { struct load_weight load; __u64 vruntime; __u64 exec_start; } CORE;
struct thread_info { unsigned long flags; } CORE;
struct cpumask { unsigned long bits[1]; } CORE;
typedef struct cpumask cpumask_t;
typedef struct { int counter; } atomic_t;
struct refcount_struct { atomic_t refs; } CORE;
typedef struct refcount_struct refcount_t;
struct list_head { struct list_head *next, *prev; } CORE;
struct mm_struct;
struct nsproxy;
struct prev_cputime { __u64 utime, stime; } CORE;

struct task_struct {
  struct thread_info thread_info;
  void *stack;
  refcount_t usage;
  unsigned int flags;
  int prio;
  struct sched_entity se;
  cpumask_t cpus_mask;
  struct list_head tasks;
  struct mm_struct *mm;
  int exit_state;
  int pid;
  int tgid;
  struct task_struct *real_parent;
  struct task_struct *group_leader;
  __u64 utime;
  __u64 start_time;
  char comm[16];
  struct nsproxy *nsproxy;
} CORE;

struct mm_struct { unsigned long start_stack; unsigned long total_vm; } CORE;
struct uts_namespace;
struct nsproxy { struct uts_namespace *uts_ns; } CORE;
struct new_utsname { char sysname[65]; char nodename[65]; char release[65]; } CORE;
struct uts_namespace { struct new_utsname name; } CORE;

struct in6_addr { union { __u8 u6_addr8[16]; __be32 u6_addr32[4]; } in6_u; } CORE;
struct sock_common {
  union { struct { __be32 skc_daddr; __be32 skc_rcv_saddr; }; };
  union { struct { __be16 skc_dport; __u16 skc_num; }; };
  unsigned short skc_family;
  volatile unsigned char skc_state;
  struct in6_addr skc_v6_daddr;
} CORE;
struct sock { struct sock_common __sk_common; __u16 sk_type; __u16 sk_protocol; } CORE;

struct task_struct___before_5_14 { volatile long state; } CORE;
struct task_struct___since_5_14 { unsigned int __state; } CORE;
struct task_struct___gone { int no_such_field; } CORE;
struct no_such_struct { int field; } CORE;
/* `utime` has 64 bits, `flags` 32, `prio` is signed: loads must change, or not run. */
struct task_struct___narrow { unsigned int utime; } CORE;
struct task_struct___wide { __u64 flags; } CORE;
struct task_struct___sign { long long prio; } CORE;

struct cgroup;
struct kernfs_node { struct kernfs_node *parent; const char *name; __u64 id; } CORE;
struct cgroup { struct kernfs_node *kn; int level; struct cgroup *ancestors[]; } CORE;
struct cgroup___before_6_1 { __u64 ancestor_ids[0]; } CORE;

SEC("raw_tp/sched_switch") int loads(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  __u64 sink = 0;
  USE(task->pid);
  USE(task->tgid);
  USE(task->flags);
  USE(task->se.vruntime);
  USE(task->se.load.weight);
  USE(task->thread_info.flags);
  USE(task->cpus_mask.bits[0]);
  USE(task->usage.refs.counter);
  USE(task->comm[3]);
  USE(task->real_parent->real_parent->tgid);
  USE(task->tasks.next);
  USE(task->mm->total_vm);
  USE(task->nsproxy->uts_ns->name.release[2]);
  return sink;
}

SEC("raw_tp/sched_switch") int stores(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  task->flags = 1;
  task->se.exec_start = ctx[2];
  task->comm[1] = 'x';
  __sync_fetch_and_add(&task->prio, 1);
  return 0;
}

SEC("raw_tp/sched_switch") int probes(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  char comm[16];
  __u64 sink = 0;
  USE(BPF_CORE_READ(task, group_leader, tgid));
  USE(BPF_CORE_READ(task, real_parent, se.vruntime));
  USE(BPF_CORE_READ(task, nsproxy, uts_ns, name.nodename[1]));
  bpf_core_read_str(comm, sizeof(comm), &task->comm);
  USE(comm[0]);
  return sink;
}

SEC("raw_tp/sock") int anonymous(__u64 *ctx) {
  struct sock *sk = (void *)ctx[0];
  __u64 sink = 0;
  USE(sk->__sk_common.skc_daddr);
  USE(sk->__sk_common.skc_rcv_saddr);
  USE(sk->__sk_common.skc_dport);
  USE(sk->__sk_common.skc_num);
  USE(sk->__sk_common.skc_state);
  USE(sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[3]);
  USE(sk->sk_type);
  return sink;
}

SEC("raw_tp/sched_switch") int flavours(__u64 *ctx) {
  void *task = (void *)ctx[1];
  if (bpf_core_field_exists(((struct task_struct___since_5_14 *)task)->__state))
    return ((struct task_struct___since_5_14 *)task)->__state;
  return ((struct task_struct___before_5_14 *)task)->state;
}

SEC("raw_tp/sched_switch") int missing(__u64 *ctx) {
  struct no_such_struct *none = (void *)ctx[1];
  struct task_struct___gone *gone = (void *)ctx[2];
  return none->field + gone->no_such_field;
}

SEC("raw_tp/sched_switch") int resized(__u64 *ctx) {
  struct task_struct___narrow *narrow = (void *)ctx[1];
  struct task_struct___wide *wide = (void *)ctx[1];
  struct task_struct___sign *sign = (void *)ctx[1];
  wide->flags = 7;
  return narrow->utime + wide->flags + sign->prio;
}

SEC("raw_tp/cgroup") int flexible(__u64 *ctx) {
  struct cgroup *cgroup = (void *)ctx[0];
  __u64 sink = 0;
  if (bpf_core_field_exists(cgroup->ancestors)) USE(cgroup->ancestors[2]->level);
  else USE(((struct cgroup___before_6_1 *)cgroup)->ancestor_ids[2]);
  return sink;
}

static __attribute__((noinline)) int callee(struct task_struct *task) { return task->exit_state + task->prio; }

SEC("raw_tp/sched_switch") int subprogram(__u64 *ctx) { return callee((void *)ctx[1]) + callee((void *)ctx[2]); }
