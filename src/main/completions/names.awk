  # Prints the names in a table of logtap.toml, whether they are keys or tables of their own.
  function name(key) {
    if (match(key, /^"[^"]*"/) || match(key, /^\047[^\047]*\047/)) return substr(key, 2, RLENGTH - 2)
    return match(key, /^[A-Za-z0-9_-]+/) ? substr(key, 1, RLENGTH) : ""
  }
  {
    sub(/^[ \t]+/, "")
    whole = above $0
    if (sub(/^\[[ \t]*/, "")) {
      sub(/[ \t]*\].*/, "")
      whole = $0
      above = $0 "."
    }
    found = index(whole, table ".") == 1 ? name(substr(whole, length(table) + 2)) : ""
    if (found ~ /^[A-Za-z0-9][A-Za-z0-9._-]*$/ && !told[found]++) print found
  }
