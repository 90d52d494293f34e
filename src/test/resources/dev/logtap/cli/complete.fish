# complete.fish COMPLETION LINE: prints what fish offers at the end of the line, and how many milliseconds it took.
source $argv[1]
set before (date +%s%3N)
set offered (complete -C $argv[2])
set after (date +%s%3N)
for line in $offered
    string split -f1 \t -- $line
end
echo ms (math $after - $before)
