/* What libbpf's headers need of linux/types.h, and attributes that every program here uses. */
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
#define BPF_MAP_TYPE_ARRAY 2

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define CORE __attribute__((preserve_access_index))
/* Keeps a value alive without a map or an output. */
#define USE(value) sink += (__u64)(value)

char _license[] SEC("license") = "GPL";
