# Written from src/main/completions/logtap.fish and the command model: change those.
#
# Completes commands, options and values of logtap in fish. Names come from the config file by awk, because to ask logtap
# itself would take longer than a key may.

# The command before the cursor: the first word that is neither an option nor the value of one.
function __logtap_command
    set -l option
    for word in (commandline -opc)[2..]
        switch "$option:$word"
            case '--config:*' '--log:*'
                set option
            case '*:-*'
                set option $word
            case '*'
                echo $word
                return
        end
    end
end

function __logtap_is
    test "$argv" = "$(__logtap_command)"
end

# Prints the names in a table of the config file that counts, and those that are built in or given beside it.
function __logtap_names -a table
    set -l file $LOGTAP_CONFIG
    set -l entries
    set -l option
    for word in (commandline -opc)
        switch $option
            case --config
                set file $word
            case --log
                set -a entries $word
        end
        switch $word
            case '--config=*'
                set file (string replace -- --config= '' $word)
            case '--log=*'
                set -a entries (string replace -- --log= '' $word)
        end
        set option $word
    end
    if test "$table" = logs
        printf '%s\n' mysql nginx-access nginx-error php-fpm
        test -n "$entries"; or set entries (string split , -- "$LOGTAP_LOG")
        for entry in $entries
            string match -r '^[^=]+' -- $entry
        end
    end
    if test -z "$file"
        set file $HOME/.config/logtap/logtap.toml
        string match -q '/*' -- "$XDG_CONFIG_HOME"; and set file $XDG_CONFIG_HOME/logtap/logtap.toml
        test -e $file; or set file /etc/logtap/logtap.toml
    end
    set file (string replace -r '^~/' $HOME/ -- $file)
    test -r $file; and awk -v table=$table '
  # Prints the names in a table of logtap.toml, whether they are keys or tables of their own.
  function name(key) {
    if (match(key, /^"[^"]*"/) || match(key, /^\047[^\047]*\047/)) return substr(key, 2, RLENGTH - 2)
    return match(key, /^[A-Za-z0-9_-]+/) ? substr(key, 1, RLENGTH) : ""
  }
  function tell(found) {
    if (found ~ /^[A-Za-z0-9][A-Za-z0-9._-]*$/ && !told[found]++) print found
  }
  # Of a table in one line, from behind its brace on.
  function tell_all(rest, depth, next_one) {
    for (depth = 0; depth >= 0 && rest != ""; rest = substr(rest, RLENGTH + 1)) {
      sub(/^[ \t]+/, "", rest)
      if (!depth && !next_one++) tell(name(rest))
      if (match(rest, /^"[^"]*"/) || match(rest, /^\047[^\047]*\047/)) continue
      match(rest, /^./)
      if (rest ~ /^[{[]/) depth++
      if (rest ~ /^[]}]/) depth--
      if (rest ~ /^,/ && !depth) next_one = 0
    }
  }
  {
    sub(/^[ \t]+/, "")
    whole = above $0
    if (sub(/^\[[ \t]*/, "")) {
      sub(/[ \t]*\].*/, "")
      whole = $0
      above = $0 "."
    }
    if (index(whole, table ".") == 1) tell(name(substr(whole, length(table) + 2)))
    if (index(whole, table) == 1 && match(rest = substr(whole, length(table) + 1), /^[ \t]*=[ \t]*[{]/)) {
      tell_all(substr(rest, RLENGTH + 1))
    }
  }
    ' <$file
end

function __logtap_targets
    __logtap_names logs
    printf 'railway:%s\n' (__logtap_names railway.environments)
end

function __logtap_entries
    set -l typed (string replace -r '^--log=' '' -- (commandline -ct))
    if set -l parts (string match -r '^([^=]*=)(.*)' -- $typed)
        printf "$parts[2]%s\n" (__fish_complete_path $parts[3])
    else
        printf '%s=\n' (__logtap_names logs)
    end
end

complete -c logtap -f
complete -c logtap -l config -r -F -d 'Read FILE instead of the user\'s or the system\'s logtap.toml'
complete -c logtap -l log -x -a '(__logtap_entries)' -d 'Add an entry to the allowlist for this run, or replace one'
complete -c logtap -l debug -d 'Show stack traces, and by what means logs are followed'
complete -c logtap -s h -l help -d 'Show this help and exit'
complete -c logtap -s V -l version -d 'Show the version and exit'

complete -c logtap -n __logtap_is -a tail -d 'Prints the last lines of logs, and follows them'
complete -c logtap -n '__logtap_is tail' -s n -l lines -x -d 'How many lines to begin with (50)'
complete -c logtap -n '__logtap_is tail' -s f -l follow -d 'Go on with what is written from now on, through rotation, until a signal ends it'
complete -c logtap -n '__logtap_is tail' -s o -l output -x -a 'text json' -d 'Text for eyes (the default), or one JSON object a line for scripts'
complete -c logtap -n '__logtap_is tail' -l poll -d 'Look for changes four times a second instead of being told of them, as network file systems need it'
complete -c logtap -n '__logtap_is tail' -l color -x -a 'auto always never' -d 'When text is coloured'
complete -c logtap -n '__logtap_is tail' -a '(__logtap_names logs)'

complete -c logtap -n __logtap_is -a serve -d 'Serves logs over REST and WebSocket'
complete -c logtap -n '__logtap_is serve' -l listen -x -d 'Where to listen (127.0.0.1:8000)'
complete -c logtap -n '__logtap_is serve' -l tls-cert -r -F -d 'Speak TLS, with this certificate chain (PEM)'
complete -c logtap -n '__logtap_is serve' -l tls-key -r -F -d 'The key of that certificate (PEM, PKCS#8)'
complete -c logtap -n '__logtap_is serve' -l allow-origin -x -d 'Let web pages of this origin use the server'
complete -c logtap -n '__logtap_is serve' -l max-connections -x -d 'How many connections there may be (1000)'
complete -c logtap -n '__logtap_is serve' -l ensure -d 'Exit with 0, quietly, where a logtap serves already'
complete -c logtap -n '__logtap_is serve' -l demo -d 'Serve sample logs on this machine, with a token to try'
complete -c logtap -n '__logtap_is serve' -l jwt-secret-file -r -F -d 'The secret that signs tokens, 32 bytes or more'
complete -c logtap -n '__logtap_is serve' -l jwt-algorithm -x -a 'HS256 HS384 HS512 RS256 ES256' -d 'HS256 (the default), or HS384 or HS512 with a secret of 48 or 64 bytes'
complete -c logtap -n '__logtap_is serve' -l jwt-public-key -r -F -d 'Check tokens with this key (PEM) instead of a secret'
complete -c logtap -n '__logtap_is serve' -l jwt-issuer -x -d 'Whose tokens count (\'iss\')'
complete -c logtap -n '__logtap_is serve' -l jwt-audience -x -d 'For whom tokens have to be (\'aud\')'
complete -c logtap -n '__logtap_is serve' -l environment -x -d 'Relay the logs of this Railway environment, under its id or a name'
complete -c logtap -n '__logtap_is serve' -l railway-token-file -r -F -d 'What opens Railway'
complete -c logtap -n '__logtap_is serve' -l railway-url -x -d 'Where Railway\'s API is (https://backboard.railway.com/graphql/v2)'
complete -c logtap -n '__logtap_is serve' -l max-connections-per-environment -x -d 'How many connections may read one environment (10)'

complete -c logtap -n __logtap_is -a watch -d 'Prints streams of a server, and goes on through whatever happens'
complete -c logtap -n '__logtap_is watch' -l server -x -d 'The server that names are asked of, and that is given the token (http://127.0.0.1:8000)'
complete -c logtap -n '__logtap_is watch' -l token-file -r -F -d 'The token for that server, read again when it changes'
complete -c logtap -n '__logtap_is watch' -l ca-cert -r -F -d 'Trust the certificates of this authority (PEM) instead of the system\'s'
complete -c logtap -n '__logtap_is watch' -s n -l lines -x -d 'How many lines to begin with (50)'
complete -c logtap -n '__logtap_is watch' -l search -x -d 'Only lines with this text, case ignored'
complete -c logtap -n '__logtap_is watch' -l service -x -d 'Of environments, only what this service says'
complete -c logtap -n '__logtap_is watch' -l level -x -a 'debug info warn error' -d 'Of environments, only what is of this level or above'
complete -c logtap -n '__logtap_is watch' -s o -l output -x -a 'text json' -d 'Text for eyes (the default), or one JSON object a line for scripts'
complete -c logtap -n '__logtap_is watch' -l color -x -a 'auto always never' -d 'When text is coloured'
complete -c logtap -n '__logtap_is watch' -l full -d 'Fill the terminal\'s screen, and scroll and filter all that came'
complete -c logtap -n '__logtap_is watch' -l scrollback -x -d 'With --full, how many bytes of lines are kept (64MiB)'
complete -c logtap -n '__logtap_is watch' -l state -r -F -d 'Keep in FILE how far each stream was printed, and go on there the next time'
complete -c logtap -n '__logtap_is watch' -l no-reconnect -d 'End with 1 where a connection is lost or can\'t be had, instead of trying again'
complete -c logtap -n '__logtap_is watch' -a '(__logtap_targets)'

complete -c logtap -n __logtap_is -a token -d 'Makes a token for a server'
complete -c logtap -n '__logtap_is token' -l subject -x -d 'Whose token it is (\'sub\')'
complete -c logtap -n '__logtap_is token' -l ttl -x -d 'How long it is good (8h), such as 10m, 8h or 2d'
complete -c logtap -n '__logtap_is token' -l logs -x -a '(__fish_complete_list , "__logtap_names logs")' -d 'Only these logs, instead of all'
complete -c logtap -n '__logtap_is token' -l environments -x -a '(__fish_complete_list , "__logtap_names railway.environments")' -d 'Only these environments, by name or id, instead of all'
complete -c logtap -n '__logtap_is token' -l jwt-secret-file -r -F -d 'The secret that signs tokens, 32 bytes or more'
complete -c logtap -n '__logtap_is token' -l jwt-algorithm -x -a 'HS256 HS384 HS512 RS256 ES256' -d 'HS256 (the default), or HS384 or HS512 with a secret of 48 or 64 bytes'
complete -c logtap -n '__logtap_is token' -l jwt-public-key -r -F -d 'Check tokens with this key (PEM) instead of a secret'
complete -c logtap -n '__logtap_is token' -l jwt-issuer -x -d 'Whose tokens count (\'iss\')'
complete -c logtap -n '__logtap_is token' -l jwt-audience -x -d 'For whom tokens have to be (\'aud\')'

complete -c logtap -n __logtap_is -a logs -d 'Lists the allowlist'
complete -c logtap -n '__logtap_is logs' -s o -l output -x -a 'text json' -d 'Text for eyes (the default), or one JSON object a line for scripts'
