/* Literals of two sections and a format. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const char greeting[] = "hello, kernel";

static __attribute__((noinline)) int length(const char *text)
{
  int n = 0;
  while (n < 8 && text[n])
    n++;
  return n;
}

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, char[16]);
  __uint(max_entries, 1);
} texts SEC(".maps");

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  __u32 zero = 0;
  char text[16] = {};
  __builtin_memcpy(text, greeting, sizeof greeting);
  bpf_map_update_elem(&texts, &zero, text, 0);
  const char *which = ctx->args[0] ? "a literal" : "another literal";
  return length(which);
}

SEC("raw_tp/sys_exit")
int print(struct bpf_raw_tracepoint_args *ctx)
{
  return bpf_printk("%s has %d", greeting, ctx->args[0]);
}

char LICENSE[] SEC("license") = "GPL";
