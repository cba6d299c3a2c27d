/* Variables of the kernel: typed, without type, and weak. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern const int bpf_prog_active __ksym;
extern const void init_task __ksym;
extern const void no_such_symbol __ksym __weak;
extern const unsigned long no_such_variable __ksym __weak;

SEC("raw_tp/sys_enter")
int run(void *ctx)
{
  const int *active = bpf_per_cpu_ptr(&bpf_prog_active, 0);
  long result = active ? *active : 0;
  if (&no_such_symbol)
    result += 1000;
  if (&no_such_variable)
    result += no_such_variable;
  return result + ((long)&init_task != 0);
}

char LICENSE[] SEC("license") = "GPL";
