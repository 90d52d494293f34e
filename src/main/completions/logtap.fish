# @written@
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
        printf '%s\n' @builtin@
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
@names.awk@
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

@complete@
