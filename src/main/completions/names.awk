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
