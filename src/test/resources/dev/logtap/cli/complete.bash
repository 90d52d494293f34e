# complete.bash COMPLETION LINE: prints what bash offers at the end of the line, and how many milliseconds it took.
source "$1"
COMP_LINE=$2
COMP_POINT=${#COMP_LINE}

# As readline cuts a line into words: breaks are words of their own, and the last word is empty behind a blank.
read -ra COMP_WORDS <<<"${COMP_LINE//[:=]/ & }"
[[ $COMP_LINE != *[[:blank:]] ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))

before=${EPOCHREALTIME/[.,]/}
_logtap
after=${EPOCHREALTIME/[.,]/}

word=${COMP_LINE##*[[:blank:]]}
((!${#COMPREPLY[@]})) || printf -- "${word%"${word##*[:=]}"}%s\n" "${COMPREPLY[@]}"
echo "ms $(((after - before) / 1000))"
