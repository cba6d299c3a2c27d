/* Types and enumerators: ids, existence, sizes, values. */
#include "types.h"

struct task_struct { int pid; };
struct sk_buff___mine { int len; };
struct no_such_struct { int x; };
union bpf_attr { int x; };
union no_such_union { int x; };
typedef unsigned int pid_t___flavour;
typedef struct { int counter; } atomic_t;
typedef int (*initcall_t)(void);
typedef int no_such_type;
typedef void (*bpf_jit_fill_hole_t)(void *area, unsigned int size);
enum bpf_prog_type { BPF_PROG_TYPE_UNSPEC, BPF_PROG_TYPE_TRACING = 5, BPF_PROG_TYPE_NO_SUCH = 99 };
enum cgroup_subsys_id___x { cpuset_cgrp_id, memory_cgrp_id = 1, pids_cgrp_id = 2, misc_cgrp_id = 3, no_such_cgrp_id = 4 };
enum bpf_map_type { BPF_MAP_TYPE_RINGBUF___flavour = 1, BPF_MAP_TYPE_ARENA = 2, BPF_MAP_TYPE_HASH = 3 };
enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART = -1 };
/* 64 bits wide in the kernel, which this compiler cannot write. */
enum netdev_priv_flags { IFF_802_1Q_VLAN = 1, IFF_TX_SKB_NO_LINEAR = 2, IFF_CHANGE_PROTO_DOWN = 3 };
enum hmm_pfn_flags { HMM_PFN_VALID = 1, HMM_PFN_ERROR = 2 };
enum no_such_enum { NO_SUCH_VALUE = 7 };
enum zone_type { ZONE_NORMAL = 9, ZONE_MOVABLE = 10, __MAX_NR_ZONES = 11 };
enum bpf_func_id { BPF_FUNC_get_current_task_btf = 1, BPF_FUNC_ringbuf_output = 2, __BPF_FUNC_MAX_ID = 3 };
enum perf_event_sample_format { PERF_SAMPLE_IP = 2ULL, PERF_SAMPLE_WEIGHT_STRUCT = 3, PERF_SAMPLE_MAX = 4 };

#define TYPE(type)                        \
  do {                                    \
    USE(bpf_core_type_exists(type));      \
    USE(bpf_core_type_size(type));        \
    USE(bpf_core_type_id_local(type)); \
  } while (0)

#define ENUM(type, name)                            \
  do {                                              \
    USE(bpf_core_enum_value_exists(type, name));     \
    USE(bpf_core_enum_value(type, name));            \
  } while (0)

SEC("raw_tp/types") int types(void *ctx) {
  __u64 sink = 0;
  TYPE(struct task_struct);
  TYPE(struct sk_buff___mine);
  TYPE(struct no_such_struct);
  TYPE(union bpf_attr);
  TYPE(union no_such_union);
  TYPE(pid_t___flavour);
  TYPE(atomic_t);
  TYPE(initcall_t);
  TYPE(bpf_jit_fill_hole_t);
  TYPE(no_such_type);
  TYPE(enum bpf_prog_type);
  return sink;
}

SEC("raw_tp/values") int values(void *ctx) {
  __u64 sink = 0;
  ENUM(enum bpf_prog_type, BPF_PROG_TYPE_TRACING);
  ENUM(enum bpf_prog_type, BPF_PROG_TYPE_NO_SUCH);
  ENUM(enum cgroup_subsys_id___x, memory_cgrp_id);
  ENUM(enum cgroup_subsys_id___x, pids_cgrp_id);
  ENUM(enum cgroup_subsys_id___x, misc_cgrp_id);
  ENUM(enum cgroup_subsys_id___x, no_such_cgrp_id);
  ENUM(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF___flavour);
  ENUM(enum bpf_map_type, BPF_MAP_TYPE_ARENA);
  ENUM(enum bpf_map_type, BPF_MAP_TYPE_HASH);
  ENUM(enum hrtimer_restart, HRTIMER_RESTART);
  ENUM(enum zone_type, ZONE_MOVABLE);
  ENUM(enum zone_type, __MAX_NR_ZONES);
  ENUM(enum bpf_func_id, BPF_FUNC_get_current_task_btf);
  ENUM(enum bpf_func_id, __BPF_FUNC_MAX_ID);
  ENUM(enum perf_event_sample_format, PERF_SAMPLE_WEIGHT_STRUCT);
  ENUM(enum perf_event_sample_format, PERF_SAMPLE_MAX);
  ENUM(enum netdev_priv_flags, IFF_TX_SKB_NO_LINEAR);
  ENUM(enum netdev_priv_flags, IFF_CHANGE_PROTO_DOWN);
  ENUM(enum hmm_pfn_flags, HMM_PFN_VALID);
  ENUM(enum hmm_pfn_flags, HMM_PFN_ERROR);
  ENUM(enum no_such_enum, NO_SUCH_VALUE);
  return sink;
}
