/* Values that live with tasks, sockets and inodes. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct value {
  __u64 count;
  __u32 last;
};

struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, struct value);
} tasks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_SK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
  __type(key, int);
  __type(value, struct value);
} sockets SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_INODE_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, struct value);
} inodes SEC(".maps");

SEC("tp_btf/sched_switch")
int on_switch(__u64 *ctx)
{
  struct value *value =
      bpf_task_storage_get(&tasks, (void *)bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
  if (value)
    value->count++;
  return 0;
}

SEC("lsm/inode_unlink")
int on_unlink(__u64 *ctx)
{
  return bpf_inode_storage_get(&inodes, (void *)ctx[1], 0, 0) ? -1 : 0;
}

SEC("cgroup/connect4")
int on_connect(struct bpf_sock_addr *ctx)
{
  return ctx->sk ? bpf_sk_storage_get(&sockets, ctx->sk, 0, 0) == 0 : 1;
}

char LICENSE[] SEC("license") = "GPL";
