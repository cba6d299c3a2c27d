/*
 * Types to compare with the kernel's by shape. clang 14 has no bpf_core_type_matches: these ask for existence, and the
 * test turns the kind in .BTF.ext.
 */
#include "types.h"

typedef struct { int counter; } atomic_t;
struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct rb_node { unsigned long __rb_parent_color; struct rb_node *rb_right, *rb_left; };
struct rb_root { struct rb_node *rb_node; };
struct rb_root___forward { struct forward *rb_node; };
struct callback_head { struct callback_head *next; void (*func)(struct callback_head *head); };
struct callback_head___arity { void (*func)(struct callback_head *head, int more); };
struct callback_head___int { void (*func)(int head); };
struct path { struct vfsmount *mnt; struct dentry *dentry; };
struct path___more { struct vfsmount *mnt; struct dentry *dentry; int none; };
struct qstr { union { struct { unsigned int hash; unsigned int len; }; __u64 hash_len; }; const unsigned char *name; };
struct qstr___flat { unsigned int hash; };
struct load_weight { unsigned long weight; unsigned int inv_weight; };
struct load_weight___sign { long weight; };
struct load_weight___size { unsigned int weight; };
struct new_utsname { char sysname[65]; };
struct new_utsname___size { char sysname[64]; };
struct cpumask___union { unsigned long bits[1]; };
union bpf_attr { int x; };
union sigval { int sival_int; void *sival_ptr; };
struct sigval___kind { int sival_int; };
enum hrtimer_restart { HRTIMER_RESTART, HRTIMER_NORESTART };
enum hrtimer_restart___less { HRTIMER_RESTART___x };
enum hrtimer_restart___other { HRTIMER_NONE };
enum hrtimer_restart___wide { HRTIMER_RESTART___y = 1ULL << 40 };
struct task_struct { int pid; int tgid; struct task_struct *real_parent; struct list_head tasks; char comm[16]; };
struct task_struct___bad { int pid; unsigned int tgid; };
struct sched_entity { struct load_weight load; struct rb_node run_node; };
struct file_operations { int (*open)(struct inode *, struct file *); };
struct file_operations___bad { int (*open)(struct inode *, struct dentry *); };
typedef int (*initcall_t)(void);
struct no_such_struct { int x; };

#define MATCH(type) USE(__builtin_preserve_type_info(*(type *)0, BPF_TYPE_EXISTS))

SEC("raw_tp/matches") int matches(void *ctx) {
  __u64 sink = 0;
  MATCH(atomic_t);
  MATCH(struct list_head);
  MATCH(struct hlist_node);
  MATCH(struct rb_node);
  MATCH(struct rb_root);
  MATCH(struct rb_root___forward);
  MATCH(struct callback_head);
  MATCH(struct callback_head___arity);
  MATCH(struct callback_head___int);
  MATCH(struct path);
  MATCH(struct path___more);
  MATCH(struct qstr);
  MATCH(struct qstr___flat);
  MATCH(struct load_weight);
  MATCH(struct load_weight___sign);
  MATCH(struct load_weight___size);
  MATCH(struct new_utsname);
  MATCH(struct new_utsname___size);
  MATCH(struct cpumask___union);
  MATCH(union bpf_attr);
  MATCH(union sigval);
  MATCH(struct sigval___kind);
  MATCH(enum hrtimer_restart);
  MATCH(enum hrtimer_restart___less);
  MATCH(enum hrtimer_restart___other);
  MATCH(enum hrtimer_restart___wide);
  MATCH(struct task_struct);
  MATCH(struct task_struct___bad);
  MATCH(struct sched_entity);
  MATCH(struct file_operations);
  MATCH(struct file_operations___bad);
  MATCH(initcall_t);
  MATCH(struct no_such_struct);
  return sink;
}
