#!/bin/sh
# Makes target/dist, the installation as install.sh copies it, from what Maven has compiled.
# usage: build.sh VERSION   (JAVA_HOME: the JDK that Maven runs on; TOOLCHAIN_JAVA_HOME: the one it uses instead)
set -eu
umask 022
cd "$(dirname "$0")/../../.."
version=$1
jdk=${TOOLCHAIN_JAVA_HOME:-$JAVA_HOME}
dist=target/dist

# What these say would change the image or what the rehearsal learns.
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS JDK_AOT_VM_OPTIONS LOGTAP_JAVA_OPTS

# Runs a command and shows what it printed only if it fails.
quietly() {
  "$@" >target/image.log 2>&1 || {
    cat target/image.log >&2
    echo "build.sh: $1 failed" >&2
    exit 1
  }
}

# stage FILE DIRECTORY [NAME]: nothing where the checkout has no such file
stage() {
  [ ! -f "$1" ] || install -D -m 644 "$1" "$dist/$2/${3-${1##*/}}"
}

# Compressed modules would have to be inflated at each start.
rm -rf target/image "$dist"
quietly "$jdk/bin/jlink" --module-path target/classes:target/modules --add-modules dev.logtap,org.slf4j.nop \
  --compress zip-0 --no-header-files --no-man-pages --output target/image

# The JVM checks only the size of lib/modules before it believes its cache, and a stale cache runs stale code: so the
# two live and die together in a folder named after all that they are made from.
build=$version-$(cat target/image/lib/modules src/main/image/*.sh | sha256sum | cut -c 1-12)
home=$dist/lib/logtap/$build
mkdir -p "$dist/bin" "$dist/lib/logtap"
mv target/image "$home"
sed "s/@build@/$build/" src/main/image/logtap.sh >"$dist/bin/logtap"

# A cache serves only those who start as its rehearsal did: that is the launcher itself with two words changed. All that
# a cache holds is loaded at once, so that each kind of run has one of its own with what it needs.
sed -e 's/-XX:AOTCache=/-XX:AOTCacheOutput=/' -e 's/\.Main /.Rehearsal /' "$dist/bin/logtap" >"$dist/bin/rehearse"
chmod 755 "$dist/bin/logtap" "$dist/bin/rehearse"
for run in tail 'tail -f' serve watch; do
  rm -rf target/rehearsal
  mkdir target/rehearsal
  # shellcheck disable=SC2086 # a command and its option
  quietly "$dist/bin/rehearse" $run target/rehearsal
done
rm "$dist/bin/rehearse"

# The program is silent about a cache that it cannot use, the build is not.
for run in tail 'tail -f' serve watch; do
  # shellcheck disable=SC2086 # a command and its option
  quietly env LOGTAP_JAVA_OPTS=-XX:AOTMode=on "$dist/bin/logtap" $run --version
done

stage LICENSE share/doc/logtap
# Its links lead to where these things are installed; the picture and the benchmarks are not.
stage README.md share/doc/logtap
sed -i -e 's|\([( ]\)src/main/examples/|\1examples/|g' -e 's|\[\([^]]*\)\](src/bench)|\1 of the source|' -e '/^!\[/d' "$dist/share/doc/logtap/README.md"
for example in src/main/examples/*; do
  stage "$example" share/doc/logtap/examples
done
for page in man/*.[1-8]; do
  stage "$page" "share/man/man${page##*.}"
done
stage completions/logtap.bash share/bash-completion/completions logtap
stage completions/_logtap share/zsh/site-functions
stage completions/logtap.fish share/fish/vendor_completions.d
stage src/main/systemd/logtap.service lib/systemd/system
stage src/main/systemd/logtap.socket lib/systemd/system
stage src/main/systemd/backoff.conf lib/systemd/system/logtap.service.d
