#!/bin/bash
# system.sh FOLDER: makes a Debian 13 with every engine that it has, by debootstrap. Whoever comes first makes it for all.
set -eu
folder=$1
packages=docker.io,docker-cli,containerd,runc,crun,iptables,nftables # Docker 26
packages+=,podman,conmon,netavark,aardvark-dns,passt                 # Podman 5.4
packages+=,rootlesskit,slirp4netns,uidmap,fuse-overlayfs             # both without root
packages+=,systemd-sysv,dbus,dbus-user-session,libpam-systemd        # a machine that can be started again
packages+=,git,iproute2,procps,python3,openssh-server                # what the tests call

mkdir -p "$(dirname "$folder")"
exec 9>"$(dirname "$folder").lock"
flock 9
[ ! -d "$folder" ] || exit 0
partial=$folder.partial
rm -rf "$partial"
debootstrap --variant=minbase --include="$packages" trixie "$partial" >"$partial.log" 2>&1 || {
  tail -n 5 "$partial.log" >&2
  exit 1
}
rm -rf "$partial"/var/cache/apt/* "$partial"/var/lib/apt/lists/* "$partial.log"
mv "$partial" "$folder"
