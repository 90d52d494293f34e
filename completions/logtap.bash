# Written from src/main/completions/logtap.bash and the command model: change those.
#
# Completes commands, options and values of logtap in bash. Names come from the config file by awk, because to ask logtap
# itself would take longer than a key may.

# Sets takes to what an option takes: one of some words, file, entry (NAME=PATH), names of a table by commas, text; or nothing.
_logtap_takes() {
  case $1 in
    --jwt-algorithm) takes='HS256 HS384 HS512 RS256 ES256' ;;
    --color) takes='auto always never' ;;
    --level) takes='debug info warn error' ;;
    --log) takes='entry' ;;
    --config | --tls-cert | --tls-key | --jwt-secret-file | --jwt-public-key | --railway-token-file | --token-file | --ca-cert | --state) takes='file' ;;
    --logs) takes='names:logs' ;;
    --environments) takes='names:railway.environments' ;;
    -n | --lines | --listen | --allow-origin | --max-connections | --jwt-issuer | --jwt-audience | --environment | --railway-url | --max-connections-per-environment | --server | --search | --service | --scrollback | --subject | --ttl) takes='text' ;;
    -o | --output) takes='text json' ;;
    *) takes='' ;;
  esac
}

# Prints the names in a table of the config file that counts, and those that are built in or given beside it.
_logtap_names() {
  local table=$1 file=${config:-${LOGTAP_CONFIG-}} home=${XDG_CONFIG_HOME-} entry
  if [[ $table == logs ]]; then
    printf '%s\n' mysql nginx-access nginx-error php-fpm
    ((${#entries[@]})) || IFS=, read -ra entries <<<"${LOGTAP_LOG-}"
    for entry in "${entries[@]}"; do
      printf '%s\n' "${entry%%=*}"
    done
  fi
  if [[ ! $file ]]; then
    [[ $home == /* ]] || home=$HOME/.config
    file=$home/logtap/logtap.toml
    [[ -e $file ]] || file=/etc/logtap/logtap.toml
  fi
  awk -v table="$table" '
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
  ' 2>/dev/null <"${file/#\~\//$HOME/}"
}

# _logtap_offer [BEFORE [BEHIND]]: offers those of the words on standard input that go on from what is there.
_logtap_offer() {
  local word
  while read -r word; do
    word=${1-}$word${2-}
    [[ $word != "$value"* ]] || COMPREPLY+=("$before$word")
  done
}

_logtap_offer_files() {
  local file
  value=${value//\\/}
  compopt -o filenames 2>/dev/null
  while read -r file; do
    COMPREPLY+=("$before$file")
  done < <(compgen -f -- "${value#[\"\']}")
}

# Offers what an option takes or a command is given, for the value that begins with what is there.
_logtap_offer_value() {
  case $1 in
    '' | text) ;;
    file) _logtap_offer_files ;;
    entry)
      if [[ $value == *=* ]]; then
        before+=${value%%=*}=
        value=${value#*=}
        _logtap_offer_files
      else
        compopt -o nospace 2>/dev/null
        _logtap_offer '' = < <(_logtap_names logs)
      fi
      ;;
    target)
      _logtap_offer < <(_logtap_names logs)
      _logtap_offer railway: < <(_logtap_names railway.environments)
      ;;
    names:*)
      before+=${value%"${value##*,}"}
      value=${value##*,}
      _logtap_offer < <(_logtap_names "${1#names:}")
      ;;
    name:*) _logtap_offer < <(_logtap_names "${1#name:}") ;;
    *) _logtap_offer <<<"${1// /$'\n'}" ;;
  esac
}

# Notes what an option before the cursor was given.
_logtap_note() {
  case $1 in
    --config) config=$2 ;;
    --log) entries+=("$2") ;;
  esac
}

_logtap() {
  local line=${COMP_LINE:0:COMP_POINT} typed=() word i
  # Bash has cut words at ':' and '=', too: they are put together again.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if [[ $i == 0 || $line == [[:blank:]]* ]]; then
      line=${line#"${line%%[![:blank:]]*}"}
      typed+=('')
    fi
    word=${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || word=$line
    typed[-1]+=$word
    line=${line#"$word"}
  done

  local command='' option='' config='' entries=() takes='' before='' value=${typed[-1]}
  for word in "${typed[@]:1:${#typed[@]}-2}"; do
    if [[ $option ]]; then
      _logtap_note "$option" "$word"
      option=''
      continue
    fi
    case $word in
      --*=*) _logtap_note "${word%%=*}" "${word#*=}" ;;
      -*)
        _logtap_takes "$word"
        [[ ! $takes ]] || option=$word
        ;;
      *) [[ $command ]] || command=$word ;;
    esac
  done

  COMPREPLY=()
  if [[ $value == *[\<\>]* || ${typed[-2]} == *[\<\>] ]]; then
    value=${value##*[<>]}
    _logtap_offer_files
    return
  fi
  if [[ ! $option && $value == --*=* ]]; then
    option=${value%%=*}
    before=$option=
    value=${value#*=}
  fi
  if [[ $option ]]; then
    _logtap_takes "$option"
    _logtap_offer_value "$takes"
  else
    case $command:$value in
      :-*) _logtap_offer_value '--config --log --debug -h --help -V --version' ;;
      tail:-*) _logtap_offer_value '-n --lines -f --follow -o --output --poll --color --config --log --debug -h --help -V --version' ;;
      serve:-*) _logtap_offer_value '--listen --tls-cert --tls-key --allow-origin --max-connections --ensure --demo --jwt-secret-file --jwt-algorithm --jwt-public-key --jwt-issuer --jwt-audience --environment --railway-token-file --railway-url --max-connections-per-environment --config --log --debug -h --help -V --version' ;;
      watch:-*) _logtap_offer_value '--server --token-file --ca-cert -n --lines --search --service --level -o --output --color --full --scrollback --state --no-reconnect --config --log --debug -h --help -V --version' ;;
      token:-*) _logtap_offer_value '--subject --ttl --logs --environments --jwt-secret-file --jwt-algorithm --jwt-public-key --jwt-issuer --jwt-audience --config --log --debug -h --help -V --version' ;;
      logs:-*) _logtap_offer_value '-o --output --config --log --debug -h --help -V --version' ;;
      :*) _logtap_offer_value 'tail serve watch token logs' ;;
      tail:*) _logtap_offer_value name:logs ;;
      watch:*) _logtap_offer_value target ;;
    esac
  fi

  # Readline puts what is offered behind the last place where it has cut the word.
  local breaks=${COMP_WORDBREAKS//[!:=]/} whole=${typed[-1]}
  if [[ $breaks ]]; then
    whole=${whole%"${whole##*["$breaks"]}"}
    COMPREPLY=("${COMPREPLY[@]#"$whole"}")
  fi
}

complete -F _logtap logtap
