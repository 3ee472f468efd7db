#!/bin/sh
# Makes a Debian root file system and does in it what a newcomer does, as an ordinary user, without a compiler and at
# first without Python: installs the packed files, fetches the Paddle runtime, predicts, and runs a notebook.
#
#   clean-system.sh SUITE FOLDER NODE SETUP ARCHIVE...
#
# SUITE is a Debian release (bullseye, bookworm, trixie), NODE a folder with `bin/node` and `lib/node_modules/npm`, SETUP
# the script that the Dockerfile uses. Needs root and debootstrap. FOLDER/SUITE is removed at the end.
set -eu

suite=$1 root=$2/$1 node=$3 setup=$4
shift 4

say() { echo "clean-system: $suite: $*"; }

leave() {
  status=$?
  umount -l "$root/proc" "$root/dev" 2>/dev/null || true
  rm -rf --one-file-system "$root"
  exit "$status"
}
trap leave EXIT
trap 'exit 130' INT TERM

mkdir -p "$root"
say "debootstrap"
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" >"$root.log" 2>&1 ||
  { tail -n 5 "$root.log"; exit 1; }
rm -f "$root.log"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
# The host's network: its resolver, and the certificates of a proxy, if it has one.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
cp -r "$node/." "$root/usr/local/"
mkdir -p "$root/archives"
cp "$@" "$root/archives/"
cp "$setup" "$root/setup.sh"
chroot "$root" useradd --create-home someone

inside() { chroot "$root" env -i LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin "$@"; }
as_user() {
  inside setpriv --reuid=someone --regid=someone --init-groups env HOME=/home/someone \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
    npm_config_update_notifier=false sh -euc "cd /home/someone; $1"
}

say "$(as_user 'node --version; getconf GNU_LIBC_VERSION' | tr '\n' ' ')"
for tool in g++ make python3 pip; do
  if inside sh -c "command -v $tool" >/dev/null; then say "$tool is there already"; fi
done
say "package"
if as_user 'sh /setup.sh package /archives' >"$root/tmp/install.log" 2>&1; then installed=yes; else installed=no; fi
tail -n 5 "$root/tmp/install.log"
[ "$installed" = yes ]
# A minimal system has no libgomp, which Python's Paddle needs, too; what to install is said.
advice=$(grep -o 'apt-get install -y [a-z0-9+ -]*' "$root/tmp/install.log" | head -n 1 || true)
if [ -n "$advice" ]; then
  say "$advice"
  inside env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -q && $advice --no-install-recommends" >/dev/null
fi
say "predict"
as_user 'cat >example.mjs <<"END"
import { loadModel, predict, visualize } from "paddlelab";
const lessons = "node_modules/@paddlelab/notebooks";
const model = await loadModel(`${lessons}/models/shapes_ins_maskrcnn`, { engine: "plain" });
const result = await predict(model, `${lessons}/images/shapes.png`, { threshold: 0.7 });
await (await visualize(`${lessons}/images/shapes.png`, result)).save("shapes.png");
console.log(`${result.detections.length} objects`);
await model.dispose();
END
node example.mjs; ls -l shapes.png'
say "notebook"
inside env DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null
inside env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv >/dev/null
as_user 'sh /setup.sh jupyter'
as_user 'cd lessons; ../jupyter/bin/jupyter nbconvert --to notebook --execute --output ../done.ipynb 01-quickstart.ipynb
grep -c output_type ../done.ipynb'
say "green"
