# complete.zsh COMPLETION LINE: prints what zsh offers at the end of the line, and how many milliseconds it took.
# In $DUMP zsh keeps which completions there are, because to find them takes a second.
zmodload zsh/zpty
zpty inner zsh -f -i

# Completion works in a line editor only, and an editor on a terminal only: in this one, all that is added is printed.
zpty -w inner "PS1= PS2= fpath=(${(q)1:h} \$fpath)"
zpty -w inner 'source /dev/stdin <<"END"
zmodload zsh/datetime
autoload -Uz compinit && compinit -u -d "$DUMP"
bindkey "^I" complete-word
zstyle ":completion:*" list-grouped no
zstyle ":completion:*" force-list always
compadd() {
  # With these it only computes.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits hidden
  builtin compadd -A hits "$@"
  zparseopts -E p:=hidden
  local hit
  for hit in $hits; do
    print -r -- "<$IPREFIX$hidden[2]$hit>"
  done
  builtin compadd "$@"
}
begin() { began=$EPOCHREALTIME }
finish() { printf "<ms %d>\n" $(((EPOCHREALTIME - began) * 1000)); exit }
compprefuncs=(begin)
comppostfuncs=(finish)
print "<re""ady>"
END'
read_until() {
  local chunk all
  while zpty -r inner chunk; do
    all+=$chunk
    [[ $all != *$1* ]] || break
  done
  print -r -- $all
}
read_until '<ready>' >/dev/null
zpty -w -n inner "$2"$'\t'
for line in ${(f)"$(read_until '<ms ')"}; do
  line=${line//$'\r'/}
  [[ $line != *\<[^\<]*\> ]] || print -r -- ${${line##*\<}%\>}
done
