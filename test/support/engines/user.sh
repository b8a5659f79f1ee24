#!/bin/bash
# user.sh FOLDER NAME UID CHECKOUT CACHE: makes a user on the machine of FOLDER, with 65536 subordinate ids and a copy of the cache.
# The checkout is at FOLDER/checkout for them: where it really is may be closed to others.
set -eu
folder=$1 name=$2 uid=$3 checkout=$4 cache=$5
home=$folder/home

if ! grep -q "^$name:" /etc/passwd; then # the machine has not been started before
  useradd --uid "$uid" --user-group --home-dir "$home" --no-create-home --shell /bin/bash "$name"
  echo "$name:200000:65536" | tee /etc/subuid >/etc/subgid
fi
install -d -m 700 -o "$uid" -g "$uid" "$home" "/run/user/$uid" "$home/.cache" "$home/.cache/xnai"

mkdir -p "$folder/checkout"
mount --bind "$checkout" "$folder/checkout"
mkdir -p "$folder/cache" "$folder/cache.work"
mount -t overlay overlay -o "lowerdir=$cache,upperdir=$folder/cache,workdir=$folder/cache.work" "$home/.cache/xnai"
find "$home/.cache/xnai" -path "$home/.cache/xnai/engines" -prune -o \( -type d -o -name '*.sqlite' \) -exec chown "$uid:$uid" {} +
