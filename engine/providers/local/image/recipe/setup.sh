#!/bin/sh
# Turns a Debian 12 root file system into a host image; runs inside it, at image build or in a chroot.
set -eu
here=$(dirname "$0")
export DEBIAN_FRONTEND=noninteractive

missing=
while read -r package; do
  dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done < "$here/packages"
if [ -n "$missing" ]; then
  # Services must not start while the image is being built.
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of package names
  apt-get install -y -qq --no-install-recommends $missing
  rm -f /usr/sbin/policy-rc.d
  rm -rf /var/lib/apt/lists/*
fi

install -d -m 755 /usr/lib/groundplan /etc/groundplan /etc/groundplan/volumes.d /etc/groundplan/addresses.d /var/lib/groundplan
# Podman prepares cgroups for systemd where it knows the command by its path; this is one of those it knows.
install -D -m 755 "$here/host/init" /usr/local/sbin/init
for script in sshd host disk user-data; do install -m 755 "$here/host/$script" "/usr/lib/groundplan/$script"; done
for unit in "$here"/host/*.service; do install -m 644 "$unit" /etc/systemd/system/; done
install -D -m 644 "$here/host/sshd.conf" /etc/ssh/sshd_config.d/10-groundplan.conf
install -d -m 700 /root/.ssh

systemctl -q enable groundplan-hostkey.service groundplan-host.service groundplan-user-data.service ssh.service
systemctl -q mask getty@.service console-getty.service systemd-udevd.service systemd-pstore.service \
  apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer

# Every host makes its own identity at first boot.
rm -f /etc/ssh/ssh_host_*
: > /etc/machine-id
