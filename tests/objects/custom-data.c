/* Variables in sections of their own. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int one SEC(".data.first") = 1;
int two SEC(".data.second_section_with_a_long_name") = 2;
const volatile int three SEC(".rodata.more") = 3;
static volatile int four SEC(".data.static") = 4;
int five SEC(".bss.extra");

SEC("raw_tp/sys_enter")
int run(void *ctx)
{
  one++;
  five += two * three + four;
  return one + five;
}

char LICENSE[] SEC("license") = "GPL";
