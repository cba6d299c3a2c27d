/* Values of the kernel's configuration, of every type. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig;
extern char CONFIG_BPF_JIT __kconfig;
extern enum libbpf_tristate CONFIG_IPV6 __kconfig;
extern __u16 CONFIG_HZ __kconfig;
extern unsigned long CONFIG_NR_CPUS __kconfig;
extern char CONFIG_DEFAULT_HOSTNAME[32] __kconfig;
extern int CONFIG_NO_SUCH_OPTION __kconfig __weak;
extern enum libbpf_tristate CONFIG_NO_SUCH_MODULE __kconfig __weak;

int hz;

SEC("raw_tp/sys_enter")
int run(void *ctx)
{
  hz = CONFIG_HZ;
  if (CONFIG_NO_SUCH_OPTION || CONFIG_NO_SUCH_MODULE)
    return -1;
  return (LINUX_KERNEL_VERSION > 0) + CONFIG_BPF_SYSCALL * 2 + (CONFIG_BPF_JIT == 'y') * 4 +
         (CONFIG_IPV6 != TRI_NO) * 8 + (CONFIG_NR_CPUS > 0) * 16 + CONFIG_DEFAULT_HOSTNAME[0] * 256;
}

char LICENSE[] SEC("license") = "GPL";
