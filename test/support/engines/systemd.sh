#!/bin/bash
# systemd.sh FOLDER SYSTEM CHECKOUT CACHE: the first process of a machine with systemd, in new mount, PID and network namespaces. Its
# root is SYSTEM, with what is written in FOLDER; FOLDER, CHECKOUT and CACHE are where they are. Started again, it has booted again.
set -eu
folder=$1 system=$2 checkout=$3 cache=$4
root=$folder/root

mkdir -p "$folder"/{root,up,work,tmp}
chmod 711 "$folder"
chmod 1777 "$folder/tmp"
mount -t overlay overlay -o "lowerdir=$system,upperdir=$folder/up,workdir=$folder/work" "$root"
for each in "$folder" "$checkout" "$cache"; do
  mkdir -p "$root/$each"
  mount --bind "$each" "$root/$each"
done

# FOLDER may be below /tmp; and nobody is to find another engine here.
mkdir -p "$root/etc/systemd/system"
for each in tmp.mount docker.service docker.socket containerd.service ssh.service; do
  ln -sfn /dev/null "$root/etc/systemd/system/$each"
done
# What is left of control groups here has no controllers: Podman's own limit of processes would end every start.
mkdir -p "$root/etc/containers"
printf '[containers]\npids_limit = 0\n' >"$root/etc/containers/containers.conf"

# A control group of its own, so that it sees itself as the root.
unified=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
mkdir -p "$unified/${folder##*/}"
echo $$ >"$unified/${folder##*/}/cgroup.procs"

export root
exec unshare --cgroup bash -c '
set -eu
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root"/dev/{net,pts,shm}
for each in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 fuse:10:229 net/tun:10:200; do
  IFS=: read -r name major minor <<<"$each"
  mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mkdir -p "$root/oldroot"
cd "$root"
pivot_root . oldroot
umount --lazy /oldroot
mount --make-rshared /
echo ready
exec env --ignore-environment container=xnai PATH=/usr/sbin:/usr/bin /sbin/init >/dev/null 2>&1'
