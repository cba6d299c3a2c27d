/* Text for the trace pipe, and what a kernel may not have. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Of linux/bpf.h of later kernels than some machines have headers for. */
#undef bpf_printk
#define print(fmt, args...) ({ static const char text[] = fmt; bpf_trace_printk(text, sizeof text, ##args); })

struct event {
  __u64 common;
  char prev_comm[16];
  int prev_pid;
  int prev_prio;
  long prev_state;
  char next_comm[16];
  int next_pid;
  int next_prio;
};

extern int LINUX_KERNEL_VERSION __kconfig;
extern int CONFIG_HZ __kconfig;
extern int CONFIG_NO_SUCH_OPTION __kconfig __weak;
extern const void no_such_variable __ksym __weak;
extern int no_such_function(int value) __ksym __weak;

int version;
int hz;
int option = -1;
int refused;

SEC("tracepoint/sched/sched_switch")
int on_switch(struct event *ctx)
{
  int pid = ctx->next_pid;
  char comm[16];
  bpf_probe_read_kernel_str(comm, sizeof comm, ctx->next_comm);
  print("to %s pid %5d 100%%", comm, pid);
  return 0;
}

SEC("tracepoint/sched/sched_wakeup")
int on_wakeup(void *ctx)
{
  __u64 values[] = {1, 2, 0xabc, 4, 5};
  static const char many[] = "%d|%3u|%llx|%-4ld|%c";
  static const char wrong[] = "%f";
  values[4] = 'z';
  bpf_trace_vprintk(many, sizeof many, values, sizeof values);
  refused = bpf_trace_printk(wrong, sizeof wrong, 1);
  return 0;
}

SEC("tracepoint/sched/sched_waking")
int on_waking(void *ctx)
{
  version = LINUX_KERNEL_VERSION;
  option = CONFIG_NO_SUCH_OPTION;
  if (&no_such_variable)
    version = 1;
  if (no_such_function)
    version = no_such_function(2);
  return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int on_exit(void *ctx)
{
  hz = CONFIG_HZ;
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
