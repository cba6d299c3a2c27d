/**
 * The guest's `/sbin/init`: mounts what tracing needs, runs the jobs of the second disk one after the other, powers
 * off. It must never end by itself (the kernel panics when init exits), hence the power-off as last word.
 *
 *     root disk, the one with a partition: writes are thrown away      the other: job disk, mounted at /job
 *     /job/jobs/NNN/{command,limit,...}  in            /job/jobs/NNN/{stdout,stderr,exit}  out
 */
export const INIT_SCRIPT: string = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TZ=UTC LANG=C
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tracefs tracefs /sys/kernel/tracing
mount -t debugfs debugfs /sys/kernel/debug
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
ln -s /proc/self/fd /dev/fd
ip link set lo up
ulimit -l unlimited
hostname guest
until [ -e /dev/nvme0n1 ] && [ -e /dev/nvme0n2 ]; do sleep 0.1; done
for disk in /dev/nvme0n1 /dev/nvme0n2; do
  [ -e "\${disk}p1" ] || mount -t ext4 "$disk" /job || echo 'guest: no job disk'
done
for folder in /job/jobs/*/; do
  cd "$folder" || continue
  timeout -s KILL "$(cat limit)" sh ./command >stdout 2>stderr </dev/null
  echo $? >exit
done
cd /
touch /job/finished
umount /job
echo 'guest: finished'
sync
poweroff -f
`;
