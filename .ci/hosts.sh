#!/bin/bash
# Gets a bare Debian machine ready for tests on real hosts, as root: a Docker daemon and the Local provider's host image.
# Safe to repeat. The image is built from the machine's own apt sources, so no registry is needed; its tar is kept in
# a cache folder under the hash of the recipe. Ends with an error, never with a skip, when something does not come up.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
recipe=$root/engine/providers/local/image/recipe
cache=${GROUNDPLAN_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/groundplan-ci}
export DEBIAN_FRONTEND=noninteractive

say() { echo "hosts: $*" >&2; }
die() { say "$*"; exit 1; }
daemon_answers() { curl -sf --max-time 2 --unix-socket /var/run/docker.sock http://docker/_ping >/dev/null 2>&1; }

install_packages() {
  local missing=() pair
  for pair in dockerd:docker.io docker:docker.io iptables:iptables mmdebstrap:mmdebstrap curl:curl python3:python3-minimal losetup:mount; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$cache/apt.log" 2>&1 ||
    { tail "$cache/apt.log" >&2; die "the packages could not be installed"; }
}

start_daemon() {
  daemon_answers && return
  say "starting dockerd"
  setsid nohup dockerd >"$cache/dockerd.log" 2>&1 </dev/null &
}

wait_for_daemon() {
  local _
  for _ in $(seq 600); do daemon_answers && return; sleep 0.1; done
  tail "$cache/dockerd.log" >&2 || true
  die "the Docker daemon did not come up within 60 seconds"
}

# The hosts inherit the machine's apt sources and settings, so installing inside them works wherever it works here.
build_rootfs() { # TARGET
  local sources=() options=() file line scratch=/dev/shm
  for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list; do
    [ -s "$file" ] && sources+=("$file")
  done
  while read -r line; do [ -n "$line" ] && options+=("--aptopt=$line"); done \
    < <(apt-config dump | grep -E '^Acquire::(http|https|Check)' || true)
  [ -n "${GROUNDPLAN_TEST_APT_PROXY:-}" ] && options+=("--aptopt=Acquire::http::Proxy \"$GROUNDPLAN_TEST_APT_PROXY\"")
  [ "$(df --output=avail -k /dev/shm | tail -1)" -gt 1500000 ] || scratch=$cache
  local slim='path-exclude=/usr/share/man/*\npath-exclude=/usr/share/doc/*\npath-exclude=/usr/share/locale/*\npath-exclude=/usr/share/info/*\n'
  TMPDIR=$scratch mmdebstrap --quiet --variant=minbase --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --include="$(paste -sd, "$recipe/packages")" "${options[@]}" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --essential-hook="printf '$slim' > \"\$1/etc/dpkg/dpkg.cfg.d/01-slim\"" \
    --customize-hook="cp -r '$recipe' \"\$1/tmp/recipe\"" \
    --customize-hook='chroot "$1" sh /tmp/recipe/setup.sh && rm -rf "$1/tmp/recipe"' \
    bookworm "$1" "${sources[@]}" >"$cache/mmdebstrap.log" 2>&1 ||
    { tail "$cache/mmdebstrap.log" >&2; die "the host image could not be built"; }
}

import_image() { # TAG TAR
  docker image inspect "$1" >/dev/null 2>&1 && return
  docker import -c 'CMD ["/usr/local/sbin/init"]' -c 'ENV container=docker' "$2" "$1" >/dev/null
  say "imported $1"
}

[ "$(id -u)" = 0 ] || die "run this as root: it installs packages and starts a daemon"
mkdir -p "$cache"
install_packages
start_daemon
tag=$(python3 "$root/engine/providers/local/image/tag.py")
tar=$cache/host-${tag##*:}.tar
if ! [ -s "$tar" ]; then
  say "building the host image"
  build_rootfs "$tar.new.tar"
  mv "$tar.new.tar" "$tar"
fi
wait_for_daemon
import_image "$tag" "$tar"
say "ready: $tag"
