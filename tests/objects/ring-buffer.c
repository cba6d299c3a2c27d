/* Ring buffers, one of a size the loader must round up. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
  __u64 time;
  __u32 number;
  char text[20];
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 14);
} events SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 10000);
} odd SEC(".maps");

SEC("raw_tp/sys_enter")
int send(void *ctx)
{
  struct event *event = bpf_ringbuf_reserve(&events, sizeof *event, 0);
  if (!event)
    return 0;
  event->time = 1;
  event->number = 2;
  __builtin_memcpy(event->text, "reserved and sent!!", 20);
  bpf_ringbuf_submit(event, 0);
  return bpf_ringbuf_output(&odd, &(int){5}, 4, 0);
}

char LICENSE[] SEC("license") = "GPL";
