# What .ci/demo and .ci/run have in common: which Maven to call, and whether it can resolve Jenkins. Sourced with "set -euo pipefail" in
# the repository's folder. What takes long is kept in .ci/target: a Maven for good, the answer about Jenkins for the day.

oldest_maven=3.9.6
fetched_maven=3.9.11
oldest_java=17
dependency_plugin=org.apache.maven.plugins:maven-dependency-plugin:3.9.0
jenkins_groups='org\.jenkins-ci|org\.jenkinsci|io\.jenkins|org\.kohsuke|org\.jvnet|com\.cloudbees'

kept=$PWD/.ci/target
scratch=$(mktemp -d)
trap 'end_background; rm -rf "$scratch"' EXIT
background=

end_background() {
    if [ -n "$background" ]; then
        kill "$background" 2>/dev/null || true
        wait "$background" 2>/dev/null || true
        background=
    fi
}

frame() {
    local line='################################################################################'
    printf '\n%s\n' "$line"
    printf '%s\n' "$@" | sed 's/^/#  /'
    printf '%s\n\n' "$line"
}

is_at_least() {
    [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

unpack() {
    if command -v unzip >/dev/null; then
        unzip -q "$1" -d "$2"
    elif command -v jar >/dev/null; then
        (cd "$2" && jar xf "$1")
    else
        python3 -m zipfile -e "$1" "$2"
    fi
}

# Begins a command that takes a folder first and runs in there.
in_folder=(sh -c 'cd "$1" && shift && exec "$@"' sh)

# Runs a command in the background with its output in a file, and says every few seconds that it is at work.
#   with_progress <file> <what to say> <command> …
with_progress() {
    local log=$1 words=$2 next=$((SECONDS + 5)) begin=$SECONDS code=0 fetched
    shift 2
    "$@" >"$log" 2>&1 &
    background=$!
    while kill -0 "$background" 2>/dev/null; do
        sleep 0.1
        if [ "$SECONDS" -ge "$next" ]; then
            next=$((SECONDS + 5))
            fetched=$(grep -c 'Downloaded from' "$log") || true
            echo "  … $words: $((SECONDS - begin)) s, $fetched files fetched"
        fi
    done
    wait "$background" || code=$?
    background=
    return "$code"
}

# Sets $maven: the machine's, or a newer one that the machine's fetches like any other artifact.
find_maven() {
    if ! command -v mvn >/dev/null; then
        frame "There is no 'mvn' here: Maven is needed. Any version will do, $oldest_maven or newer is best."
        exit 1
    fi
    local said version java
    said=$(cd "$scratch" && mvn -B --version) # away from this project, whose .mvn an old Maven may not understand
    version=$(sed -n 's/.*Apache Maven \([0-9][0-9A-Za-z.-]*\).*/\1/p' <<<"$said")
    java=$(sed -n 's/^Java version: \([0-9]*\).*/\1/p' <<<"$said")
    if [ "${java:-0}" -lt "$oldest_java" ]; then
        frame "Maven runs on Java ${java:-of an unknown version} here: a JDK of Java $oldest_java or newer is needed. Set JAVA_HOME to one."
        exit 1
    fi
    maven=mvn
    if ! is_at_least "$version" "$oldest_maven"; then
        maven=$kept/apache-maven-$fetched_maven/bin/mvn
        if [ ! -x "$maven" ]; then
            echo "Maven $version is too old for the hpi plugin: fetching $fetched_maven."
            mkdir -p "$kept"
            if ! with_progress "$scratch/fetch.log" "fetching Maven" "${in_folder[@]}" "$scratch" mvn -B "$dependency_plugin:copy" \
                -DoutputDirectory="$scratch" -Dartifact="org.apache.maven:apache-maven:$fetched_maven:zip:bin"; then
                tail -n 20 "$scratch/fetch.log"
                frame "Maven $fetched_maven could not be fetched. Install Maven $oldest_maven or newer."
                exit 1
            fi
            unpack "$scratch/apache-maven-$fetched_maven-bin.zip" "$kept"
            chmod +x "$maven" # neither jar nor Python's zipfile keeps the mode
        fi
        version=$fetched_maven
    fi
    echo "Maven $version on Java $java."
}

# Sets $unresolved to the artifacts of Jenkins that cannot be had, one a line. Maven itself is asked, with the project but
# without its sources: that takes every artifact that a build takes, and there is nothing in it that could fail to compile or
# to pass. Whatever else goes wrong with it is left for the real build to say.
find_unresolved() {
    local answer=$kept/jenkins-artifacts
    if [ -e "$answer" ] && [ "$(head -n 4 "$answer")" = "$(question)" ]; then
        unresolved=$(tail -n +5 "$answer")
        return
    fi
    echo "Asking Maven whether Jenkins' artifacts can be resolved (once a day, and after a change of pom.xml or settings.xml)."
    local project=$scratch/without-sources log=$scratch/resolution.log
    local artifact='[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+){2,4}'
    mkdir -p "$project/src/main/resources"
    cp -R pom.xml .mvn "$project"
    cp src/main/resources/index.jelly "$project/src/main/resources" # no hpi without one
    unresolved=
    if ! with_progress "$log" "resolving" "${in_folder[@]}" "$project" "$maven" -B -DskipTests \
        -Daether.connector.requestTimeout=60000 verify; then
        unresolved=$(grep -E '^\[(ERROR|FATAL)\]|^[[:space:]]' "$log" |
            grep -oE "(Could not (find|transfer) artifact|descriptor for|could not be resolved:) $artifact|$artifact (was not found in|failed to transfer from)" |
            grep -oE "(^| )$artifact" | tr -d ' ' | grep -E "^($jenkins_groups)[.:]" | sort -u) || true
        if [ -z "$unresolved" ]; then
            echo "The check failed, but not for want of Jenkins' artifacts. Its last lines were:"
            tail -n 20 "$log"
            return
        fi
    fi
    mkdir -p "$kept"
    printf '%s\n' "$(question)" $unresolved >"$answer"
}

# What the answer about Jenkins' artifacts depends on, in four lines.
question() {
    date +%F
    echo "$maven"
    cat pom.xml .mvn/* ~/.m2/settings.xml 2>/dev/null | cksum
    ls -d ~/.m2/repository/org/jenkins-ci/*/* 2>/dev/null | cksum
}
