/* Ids of the kernel's types. Linux 5.4's types hold some structs twice: ids of those are ambiguous. */
#include "types.h"

struct list_head { int x; };
struct task_struct { int pid; };
struct no_such_struct { int x; };
union bpf_attr { int x; };
typedef struct { int counter; } atomic_t;
typedef int (*initcall_t)(void);
enum bpf_prog_type { BPF_PROG_TYPE_UNSPEC };

SEC("raw_tp/ids") int ids(void *ctx) {
  __u64 sink = 0;
  USE(bpf_core_type_id_kernel(struct list_head));
  USE(bpf_core_type_id_kernel(struct no_such_struct));
  USE(bpf_core_type_id_kernel(union bpf_attr));
  USE(bpf_core_type_id_kernel(atomic_t));
  USE(bpf_core_type_id_kernel(initcall_t));
  USE(bpf_core_type_id_kernel(enum bpf_prog_type));
  USE(bpf_core_type_id_kernel(struct task_struct));
  return sink;
}
