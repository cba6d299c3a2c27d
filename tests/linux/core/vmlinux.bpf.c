/* Written against one kernel's whole vmlinux.h: fields of many structs, to be found again in another kernel. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define USE(value) sink += (__u64)(value)

char _license[] SEC("license") = "GPL";

SEC("raw_tp/sched_switch") int tasks(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[1];
  __u64 sink = 0;
  USE(task->pid);
  USE(task->tgid);
  USE(task->__state);
  USE(task->flags);
  USE(task->se.vruntime);
  USE(task->se.sum_exec_runtime);
  USE(task->se.load.weight);
  USE(task->rt.time_slice);
  USE(task->dl.runtime);
  USE(task->cpus_mask.bits[0]);
  USE(task->exit_code);
  USE(task->start_time);
  USE(task->comm[2]);
  USE(task->cred->uid.val);
  USE(task->real_parent->tgid);
  USE(task->group_leader->pid);
  USE(task->signal->nr_threads);
  USE(task->sighand->count.refs.counter);
  USE(task->nsproxy->pid_ns_for_children->level);
  USE(task->thread_pid->numbers[0].nr);
  USE(task->files->fdt->max_fds);
  USE(task->fs->pwd.dentry);
  USE(task->mm->pgd);
  USE(task->mm->arg_start);
  USE(task->mm->mm_count.counter);
  USE(task->cgroups->dfl_cgrp->kn->id);
  USE(task->cgroups->subsys[1]->cgroup->level);
  USE(task->bio_list);
  USE(task->thread.sp);
  USE(BPF_CORE_READ_BITFIELD(task, in_execve));
  USE(BPF_CORE_READ_BITFIELD(task, sched_contributes_to_load));
  USE(BPF_CORE_READ_BITFIELD(task, in_iowait));
  USE(BPF_CORE_READ_BITFIELD(task, no_cgroup_migration));
  return sink;
}

SEC("raw_tp/files") int files(__u64 *ctx) {
  struct file *file = (void *)ctx[0];
  struct inode *inode = (void *)ctx[1];
  struct dentry *dentry = (void *)ctx[2];
  __u64 sink = 0;
  USE(file->f_inode->i_ino);
  USE(file->f_path.dentry->d_name.name);
  USE(file->f_path.mnt->mnt_root);
  USE(file->f_flags);
  USE(file->f_pos);
  USE(file->f_mode);
  USE(inode->i_mode);
  USE(inode->i_size);
  USE(inode->i_sb->s_dev);
  USE(inode->i_sb->s_type->name);
  USE(inode->i_rdev);
  USE(inode->i_nlink);
  USE(dentry->d_parent->d_name.len);
  USE(dentry->d_shortname.string[1]);
  USE(dentry->d_inode->i_uid.val);
  USE(BPF_CORE_READ(file, f_op, read_iter));
  return sink;
}

SEC("raw_tp/net") int net(__u64 *ctx) {
  struct sock *sk = (void *)ctx[0];
  struct sk_buff *skb = (void *)ctx[1];
  struct tcp_sock *tcp = (void *)ctx[2];
  struct net_device *dev = (void *)ctx[3];
  __u64 sink = 0;
  USE(sk->__sk_common.skc_daddr);
  USE(sk->__sk_common.skc_dport);
  USE(sk->__sk_common.skc_family);
  USE(sk->__sk_common.skc_net.net->ns.inum);
  USE(sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[3]);
  USE(sk->sk_wmem_queued);
  USE(sk->sk_rcvbuf);
  USE(sk->sk_err);
  USE(sk->sk_protocol);
  USE(sk->sk_socket->file);
  USE(skb->len);
  USE(skb->data_len);
  USE(skb->head);
  USE(skb->network_header);
  USE(skb->transport_header);
  USE(skb->protocol);
  USE(skb->dev->ifindex);
  USE(skb->sk);
  USE(skb->cb[3]);
  USE(BPF_CORE_READ_BITFIELD(skb, pkt_type));
  USE(BPF_CORE_READ_BITFIELD(skb, ip_summed));
  USE(tcp->snd_cwnd);
  USE(tcp->srtt_us);
  USE(tcp->total_retrans);
  USE(tcp->snd_nxt);
  USE(tcp->inet_conn.icsk_retransmits);
  USE(tcp->inet_conn.icsk_inet.inet_sport);
  USE(BPF_CORE_READ_BITFIELD(tcp, repair));
  USE(BPF_CORE_READ_BITFIELD(tcp, nonagle));
  USE(dev->name[1]);
  USE(dev->ifindex);
  USE(dev->mtu);
  USE(dev->nd_net.net);
  return sink;
}

SEC("raw_tp/block") int block(__u64 *ctx) {
  struct request *rq = (void *)ctx[0];
  struct bio *bio = (void *)ctx[1];
  struct page *page = (void *)ctx[2];
  struct vm_area_struct *vma = (void *)ctx[3];
  struct rq *runqueue = (void *)ctx[4];
  __u64 sink = 0;
  USE(rq->__data_len);
  USE(rq->__sector);
  USE(rq->cmd_flags);
  USE(rq->q->disk->major);
  USE(rq->bio->bi_iter.bi_size);
  USE(bio->bi_bdev->bd_dev);
  USE(bio->bi_opf);
  USE(page->flags.f);
  USE(page->mapping);
  USE(page->_refcount.counter);
  USE(vma->vm_start);
  USE(vma->vm_flags);
  USE(vma->vm_file);
  USE(runqueue->nr_running);
  USE(runqueue->cfs.load.weight);
  USE(runqueue->clock);
  USE(bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id));
  USE(bpf_core_enum_value(enum bpf_func_id, BPF_FUNC_ringbuf_output));
  USE(bpf_core_type_size(struct task_struct));
  USE(bpf_core_type_exists(struct bpf_arena));
  return sink;
}
