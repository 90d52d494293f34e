#!/bin/sh
# Builds logtap from this checkout and installs it, or removes it again: see usage.
set -eu
# What root builds and installs is for everybody.
umask 022
unset CDPATH

usage() {
  cat <<'END'
Usage: install.sh [--prefix DIR] [--uninstall]

Builds logtap from this checkout and installs it below DIR: bin/logtap, lib/logtap/ and, where the
checkout has them, manuals and completions; for root the systemd units, too. Run it again to upgrade or to repair.
The build needs Maven and a JDK 25 or later; the installed program needs no Java.

  --prefix DIR   where to install (default: /usr/local for root, else ~/.local)
  --uninstall    remove what was installed below DIR, and nothing else
  --help         show this help
END
}

# fail MESSAGE [STATUS]
fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit "${2-1}"
}

# Prints the home of the first JDK that can build logtap.
find_jdk() {
  # What PATH leads to may be a link or some version manager's script: java itself knows where it lives.
  on_path=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  for home in "${JAVA_HOME-}" "$on_path" /usr/lib/jvm/* "${SDKMAN_DIR-${HOME-}/.sdkman}"/candidates/java/*; do
    [ "$home" ] || continue
    version=$("$home/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
    if [ "${version:-0}" -ge 25 ] && [ -x "$home/bin/jlink" ]; then
      printf '%s\n' "$home"
      return
    fi
  done
  return 1
}

# Can we write to this directory, or create it?
can_write() (
  directory=$1
  while [ ! -e "$directory" ]; do
    directory=$(dirname "$directory")
  done
  [ -d "$directory" ] && [ -w "$directory" ]
)

# Leaves the staged installation in $dist, and the name of its build in $build.
build() {
  for directory in bin lib/logtap; do
    can_write "$prefix/$directory" ||
      fail "'$prefix/$directory' cannot be written to; give --prefix a directory of yours"
  done
  command -v mvn >/dev/null || fail "the build needs Maven; install it, on Debian with: apt-get install maven"
  jdk=$(find_jdk) || fail "the build needs a JDK 25 or later, and JAVA_HOME, PATH, /usr/lib/jvm and SDKMAN have none;\
 get one from https://adoptium.net, from your distribution or with: sdk install java 25-tem"

  echo "Building logtap with $jdk (the first time Maven downloads what it needs)"
  (cd "$checkout" && JAVA_HOME=$jdk mvn -B -q -DskipTests package) </dev/null >"$temporary/log" 2>&1 || {
    cat "$temporary/log" >&2
    fail "the build failed, as Maven says above; '$prefix' is as it was"
  }
  dist=$checkout/target/dist
  build=$(ls "$dist/lib/logtap")

  # Only root has services of the system, and only systemd 254 or later knows what is in backoff.conf.
  [ "$(id -u)" = 0 ] || rm -rf "$dist/lib/systemd"
  systemd=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
  [ "${systemd:-0}" -ge 254 ] || rm -rf "$dist/lib/systemd/system/logtap.service.d"
}

# parts TYPE: the files (f) or directories (d) of the staged installation, without those of the build
parts() {
  (cd "$dist" && find . -path './lib/logtap/*' -prune -o -type "$1" -print) | sed 's|^\./\{0,1\}||'
}

# What the installation adds to the prefix, one 'KIND PATH' a line. A directory that was there before is not ours.
contents() {
  echo "build $build"
  parts f | sed 's/^/file /'
  parts d | while read -r directory; do
    [ -d "$prefix/$directory" ] || echo "directory $directory"
  done
}

# recorded KIND: the paths of that kind that an install has left, the deepest first
recorded() {
  sed -n "s/^$1 //p" "$record" | LC_ALL=C sort -r
}

# The record of what is installed is written before that is, so that what breaks off can be removed too.
write_record() {
  LC_ALL=C sort -u "$temporary/contents" >"$record.new"
  mv -f "$record.new" "$record"
}

install_build() {
  rm -rf "$library"/.new.*
  cp -R "$dist/lib/logtap/$build" "$staged"
  if [ ! -d "$library/$build" ]; then
    mv "$staged" "$library/$build"
    return
  fi
  # The same name is the same content, which may be running now: it is repaired file by file.
  (cd "$staged" && find . -type d) | while read -r directory; do
    mkdir -p "$library/$build/$directory"
  done
  (cd "$staged" && find . ! -type d) | while read -r file; do
    mv -f "$staged/$file" "$library/$build/$file"
  done
  rm -rf "$staged"
}

install_files() {
  escaped=$(printf '%s' "$prefix" | sed 's/[&|\\]/\\&/g')
  parts f | while read -r file; do
    [ "$file" != bin/logtap ] || continue
    # The systemd unit names the program by its full path.
    sed "s|@prefix@|$escaped|g" "$dist/$file" >"$temporary/file"
    install -m 644 "$temporary/file" "$prefix/$file"
  done
}

# systemd reads its units again, if it runs here.
reload_units() {
  [ "$(id -u)" != 0 ] || [ ! -d /run/systemd/system ] || systemctl daemon-reload || :
}

# The one step that makes this build the installed one, after it has shown that it runs here.
switch_launcher() {
  [ ! -d "$prefix/bin/logtap" ] || fail "'$prefix/bin/logtap' is a directory; move it away"
  install -m 755 "$dist/bin/logtap" "$launcher"
  "$launcher" --version >/dev/null || fail "the new build does not run below '$prefix' (is it mounted noexec?)"
  mv -f "$launcher" "$prefix/bin/logtap"
}

# Does a process run from this build? Only root is told of those of others.
in_use() {
  home=$(cd "$library/$1" && pwd -P)
  readlink /proc/[0-9]*/exe 2>/dev/null | grep -Fqx -- "$home/bin/java"
}

# Removes what is no longer part of logtap. The build before this one stays: a logtap that was started from it may
# still load classes. If the same build was installed again, that may be any.
remove_old() {
  contents >"$temporary/contents"
  recorded file | while read -r file; do
    grep -Fqx "file $file" "$temporary/contents" || rm -f "$prefix/$file"
  done
  recorded build | while read -r old; do
    if [ "$before" = "$build" ] || [ "$old" = "$build" ] || [ "$old" = "$before" ] || in_use "$old"; then
      echo "build $old" >>"$temporary/contents"
    else
      rm -rf "${library:?}/$old"
    fi
  done
  recorded directory | sed 's/^/directory /' >>"$temporary/contents"
  write_record
}

install_all() {
  build
  before=$(sed -n 's/^build=//p' "$prefix/bin/logtap" 2>/dev/null) || before=
  {
    contents
    [ ! -f "$record" ] || cat "$record"
  } >"$temporary/contents"
  parts d | while read -r directory; do
    mkdir -p "$prefix/$directory"
  done
  write_record
  install_build
  install_files
  switch_launcher
  remove_old
  reload_units

  echo "Installed logtap $build as $prefix/bin/logtap"
  case :$PATH: in
    *:"$prefix/bin":*) ;;
    *) echo "$prefix/bin is not on your PATH" ;;
  esac
}

uninstall() {
  if [ ! -f "$record" ]; then
    echo "logtap is not installed below $prefix"
    return
  fi
  # The launcher first: nobody shall start half a program.
  rm -f "$prefix/bin/logtap" "$launcher"
  recorded file | while read -r file; do
    rm -f "$prefix/$file"
  done
  recorded build | while read -r old; do
    rm -rf "${library:?}/$old"
  done
  rm -rf "$library"/.new.*
  mv "$record" "$temporary/record"
  record=$temporary/record
  # What others have put into a directory stays, and so does the directory.
  recorded directory | while read -r directory; do
    rmdir "$prefix/$directory" 2>/dev/null || :
  done
  reload_units
  echo "Removed logtap from $prefix"
}

if [ "$(id -u)" = 0 ]; then
  prefix=/usr/local
else
  prefix=${HOME-}/.local
fi
action=install_all
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      prefix=${2-}
      [ $# -eq 1 ] || shift
      ;;
    --prefix=*) prefix=${1#*=} ;;
    --uninstall) action=uninstall ;;
    -h | --help)
      usage
      exit
      ;;
    *) fail "'$1' is not an option; see install.sh --help" 2 ;;
  esac
  shift
done
case $prefix in
  '') fail "--prefix needs a directory" 2 ;;
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
prefix=${prefix%/}

checkout=$(dirname "$(readlink -f "$0")")
library=$prefix/lib/logtap
record=$library/installed
staged=$library/.new.$$
launcher=$prefix/bin/.logtap.new
temporary=$(mktemp -d)
trap 'rm -rf "$temporary" "$staged" "$launcher"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

$action
