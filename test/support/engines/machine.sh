#!/bin/bash
# machine.sh FOLDER SYSTEM: the first process of a machine of its own, in new mount, PID and network namespaces. Its programs and
# settings are those of the folder SYSTEM ("" for the host's own), what it writes below /etc, /run and /var lies in FOLDER, and
# other paths are the host's, so that a checkout is where it was. When this process ends, all others do, and every mount goes.
set -eu
folder=$1 system=$2

mkdir -p "$folder"/{etc,var,lib/{docker,containers,containerd},dev,tmp}
chmod 711 "$folder"
chmod 1777 "$folder/tmp"
overlay() { # TARGET LOWER UPPER
  mkdir -p "$3.work"
  mount -t overlay overlay -o "lowerdir=$2,upperdir=$3,workdir=$3.work" "$1"
}

mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/netns /run/user
overlay /etc "$system/etc" "$folder/etc"
overlay /var /var "$folder/var"
for each in docker containers containerd; do # an engine's data cannot lie on an overlay
  mkdir -p "/var/lib/$each"
  mount --bind "$folder/lib/$each" "/var/lib/$each"
done
if [ -n "$system" ]; then
  mount --bind "$system/usr" /usr
  # Newer runc and crun refuse the hybrid mode while the second hierarchy has controllers.
  umount /sys/fs/cgroup/unified 2>/dev/null || true
fi

# Everybody may use these two, as with systemd.
mknod -m 666 "$folder/dev/tun" c 10 200
mknod -m 666 "$folder/dev/fuse" c 10 229
mount --bind "$folder/dev/tun" /dev/net/tun
mount --bind "$folder/dev/fuse" /dev/fuse

# Containers see what is mounted later.
mount --make-rshared /
ip link set lo up
# A resolver on loopback, as with systemd: whether one answers is the test's affair.
rm -f /etc/resolv.conf
echo nameserver 127.0.0.53 >/etc/resolv.conf
echo ready
# bash collects what other processes leave behind.
sleep infinity &
wait
