/* Byte orders and narrow accesses. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_endian.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u8[16]);
  __uint(max_entries, 1);
} bytes SEC(".maps");

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 zero = 0;
  __u8 *out = bpf_map_lookup_elem(&bytes, &zero);
  if (!out)
    return 0;
  __u64 value = ctx->args[0];
  *(__u16 *)out = bpf_htons(value);
  *(__u32 *)(out + 4) = bpf_htonl(value);
  *(__u64 *)(out + 8) = bpf_cpu_to_be64(value);
  out[2] = value;
  return (signed char)out[1] + *(__s16 *)(out + 2);
}

char LICENSE[] SEC("license") = "GPL";
