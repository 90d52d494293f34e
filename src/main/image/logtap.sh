#!/bin/sh
# Starts logtap: picks the JVM's flags by command and becomes the JVM, so that signals and exit codes pass.
# No other process is started on the usual way, because a person waits for this.

build=@build@

# The command is the first word that is neither an option nor the value of one that may stand before it. A run that
# follows or prints everything is long: it has time for the optimising compiler, whose mere start costs others a tenth.
command=
value=
run=short
for argument do
  if [ "$value" ]; then
    value=
    continue
  fi
  case $argument in
    --config | --log) value=next ;;
    -f* | --f* | -[!-]*f* | all | -*all) run=long ;;
    -*) ;;
    *) [ "$command" ] || command=$argument ;;
  esac
done

# The folder may be moved or copied: the rest lies beside bin, by name. Else this was called by a link, or from beside
# itself, and where it really lies decides.
home=${0%/*/*}/lib/logtap/$build
if [ ! -x "$home/bin/java" ]; then
  self=$(readlink -f "$0")
  home=${self%/*/*}/lib/logtap/$build
fi
if [ ! -x "$home/bin/java" ]; then
  echo "logtap: '$home': this part of the installation is missing; install logtap again" >&2
  exit 1
fi

heap=64m
collector=-XX:+UseSerialGC
more=
case $command in
  tail) ;;
  token) run=serve ;;
  watch)
    run=watch
    heap=256m
    # Java-WebSocket logs to nobody. To look for who that is takes a while, and to have it told is announced.
    quiet='-Dslf4j.provider=org.slf4j.nop.NOPServiceProvider -Dslf4j.internal.verbosity=WARN'
    # What was hot in the rehearsal would be compiled before the first line, for a sixth of the time until then.
    more="$quiet -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining"
    ;;
  serve)
    run=serve
    heap=256m
    # What a thousand clients needed, the machine has again a minute after them: when no collection was needed for
    # 30 s, one compacts the heap (tens of ms), what is free of it goes, and so does what malloc keeps.
    collector='-XX:+UseG1GC -XX:G1PeriodicGCInterval=30000 -XX:-G1PeriodicGCInvokesConcurrent'
    giving='-XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:TrimNativeHeapInterval=30000'
    # A listening socket comes as descriptor 3 (sd_listen_fds(3)), and Java looks for one at 0.
    [ "${LISTEN_PID-}:${LISTEN_FDS-}" != "$$:1" ] || exec <&3 3<&-
    # Reading a file holds the thread that carries a virtual one: with two of them, two slow disks stop all clients.
    carriers=$(nproc)
    [ "$carriers" -ge 4 ] || carriers=4
    # Lines may come slowly: what each of them goes through is compiled after hundreds, not after thousands.
    soon='-XX:Tier4InvocationThreshold=500 -XX:Tier4MinInvocationThreshold=200 -XX:Tier4CompileThreshold=1500'
    more="$giving $soon -Djdk.virtualThreadScheduler.parallelism=$carriers"
    ;;
  *) run=long ;;
esac
[ $run != short ] || more=-XX:TieredStopAtLevel=1
[ ! -t 1 ] || more="$more -Dlogtap.stdout=terminal"
[ ! -t 0 ] || more="$more -Dlogtap.stdin=terminal"
[ ! -t 2 ] || more="$more -Dlogtap.stderr=terminal"
# Where nothing is said, terminals have UTF-8 nowadays.
case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  '' | *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
  *) [ ! -t 1 ] && [ ! -t 2 ] || more="$more -Dlogtap.ascii=true" ;;
esac

# LOGTAP_JAVA_OPTS comes last and so wins, but for the collector: a second one is an error, not a choice.
case ${LOGTAP_JAVA_OPTS-} in
  *-XX:+Use*GC*) collector= ;;
esac

# The JVM announces these, and would obey what was meant for another program.
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS
# In a locale without UTF-8, such as cron's, Java cannot name a file whose name is not ASCII.
export LC_ALL=C.UTF-8

# What the JVM has to say belongs on stderr, where it does not by itself. An AOT cache that cannot be used costs only
# time, which is nothing to speak of: hence no log. And a heap sized by the machine could make it unusable.
set -f
# shellcheck disable=SC2086 # lists of words, which are not globbed
exec "$home/bin/java" "-XX:AOTCache=$home/$run.aot" "-Xmx$heap" $collector \
  -XX:-UsePerfData -XX:+DisplayVMOutputToStderr -Xlog:disable --enable-native-access=dev.logtap \
  "-Dlogtap.build=$build" $more ${LOGTAP_JAVA_OPTS-} -m dev.logtap/dev.logtap.cli.Main "$@"
