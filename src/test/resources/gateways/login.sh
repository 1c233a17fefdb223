# Squid asks whether a user, followed by a password, may use it; one line each.
while read -r login; do
    if [ "$login" = "builder proxy-pass" ]; then
        echo OK
    else
        echo ERR
    fi
done
