/* Sections whose names tell no program type, or a target that is none: libbpf lists the programs, and loads no untyped. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("classifier/foo") int classifier(void *context) { return 0; }
SEC("?xdpfoo") int longer(void *context) { return 1; }
SEC("perf_event/cpu") int targeted(void *context) { return 2; }
SEC(".text.hot") int hot(void *context) { return 3; }
SEC("kretprobe/vfs_*") int wildcard(void *context) { return 4; }
SEC("fentry.s/vfs_read") int sleepable(void *context) { return 5; }

char LICENSE[] SEC("license") = "GPL";
