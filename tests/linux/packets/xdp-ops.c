/* Does with a frame what the operations in `ops` say, and keeps what each gave. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define OPS 8

struct operation {
  __u32 kind;
  __u32 a;
  __u64 b, c, d;
};

struct answer {
  __s64 result;
  __u32 length, frame, meta, first, queue, device;
};

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(key_size, 4);
  __uint(value_size, 4);
  __uint(max_entries, 4);
} devices SEC(".maps");

struct operation ops[OPS] = {{1}};
struct answer answers[OPS] = {{1}};
__u8 buffer[64] = {1};

static __always_inline __s64 run(struct xdp_md *ctx, struct operation *op)
{
  __u32 length = op->c & 63;
  if (length == 0)
    length = 1;
  switch (op->kind) {
  case 1:
    return bpf_xdp_adjust_head(ctx, op->a);
  case 2:
    return bpf_xdp_adjust_tail(ctx, op->a);
  case 3:
    return bpf_xdp_adjust_meta(ctx, op->a);
  case 4:
    return bpf_xdp_load_bytes(ctx, op->a, buffer, length);
  case 5:
    return bpf_xdp_store_bytes(ctx, op->a, buffer, length);
  case 6:
    return bpf_csum_diff((__be32 *)buffer, op->a & 12, (__be32 *)(buffer + 16), op->b & 28, op->c);
  case 8: {
    __u32 length = op->b;
    __s64 result = bpf_check_mtu(ctx, op->a, &length, op->c, op->d);
    return result << 32 | length;
  }
  case 9:
    return bpf_redirect_map(&devices, op->a, op->b);
  case 7:
    return bpf_redirect(op->a, op->b);
  }
  return -1;
}

SEC("xdp")
int xdp_ops(struct xdp_md *ctx)
{
  for (int i = 0; i < OPS; i++) {
    struct operation *op = &ops[i];
    struct answer *answer = &answers[i];
    if (op->kind == 0)
      break;
    answer->result = run(ctx, op);
    void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *meta = (void *)(long)ctx->data_meta;
    answer->length = bpf_xdp_get_buff_len(ctx);
    answer->frame = end - data;
    answer->meta = data - meta;
    if (meta + 4 <= data) {
      answer->first = *(__u32 *)meta;
      *(__u32 *)meta = i + 1;
    } else if (data + 14 <= end) {
      answer->first = *(__u32 *)data;
      *(__u32 *)(data + 8) += i;
    }
    answer->queue = ctx->rx_queue_index;
    answer->device = ctx->ingress_ifindex;
  }
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
