package io.jenkins.plugins.mender.agent;

import hudson.remoting.VirtualChannel;
import hudson.util.EditDistance;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.http.PlainText;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jenkins.agents.ControllerToAgentFileCallable;
import org.apache.tools.ant.DirectoryScanner;
import org.apache.tools.ant.types.selectors.SelectorUtils;
import org.apache.tools.ant.types.selectors.TokenizedPath;
import org.apache.tools.ant.types.selectors.TokenizedPattern;

/**
 * Looks for the files to upload and reads them, on the machine where the workspace lies. Links that stay inside are followed. Those that lead out
 * are followed on an agent, where the job can read what is there by other means, if a pattern names them without {@code **}; on the
 * built-in node they are not, lest a job send what only Jenkins may read.
 */
public final class WorkspaceFiles {
    private static final String EVERY_ARTIFACT = "**/*.mender";
    private static final String ANY_DEPTH = "**";
    private static final int CANDIDATES = 5;
    private static final int NAME_LIMIT = 256;

    /** The most files that one step uploads. */
    public static final int MOST_FILES = 10_000;

    /** The most names of files that something is the matter with; more say no more. */
    private static final int MOST_NAMES = 20;

    /** How many links a path may have, as Ant allows. */
    private static final int MOST_LINKS = 5;

    /** What Ant never finds: files of version control, and what editors leave. */
    private static final List<TokenizedPattern> EXCLUDED = Stream.of(DirectoryScanner.getDefaultExcludes())
            .map(WorkspaceFiles::tokens)
            .toList();

    private WorkspaceFiles() {}

    private static TokenizedPattern tokens(String pattern) {
        return new TokenizedPattern(pattern.replace('/', File.separatorChar));
    }

    /** What else there is to say of names. */
    public enum Remark {
        /** Files that match and lie outside the workspace, and folders through which a pattern leads out of it; they do not count. */
        OUTSIDE,
        /** Files that match, and that the agent's user may not read. */
        UNREADABLE,
        /** What was passed over: links that lead nowhere, files that vanished, folders that may not be read. */
        PASSED_OVER,
        /** What Java on this machine has no name for, since its locale lacks the characters. */
        UNNAMEABLE,
        /** When nothing matched: names in the pattern that are folders. */
        DIRECTORY,
        /** When nothing matched: files that may have been meant, the most similar first. */
        CANDIDATE
    }

    /**
     * What a pattern matched, by the word of an agent. What no search comes to is an {@link IllegalArgumentException}.
     *
     * @param files the files, sorted by name, no two of one name; of a file and links to it, the file alone; of more than {@link
     *     #MOST_FILES} as many and one more
     * @param remarks names that there is something else to say of
     * @param empty whether there is nothing in the folder, or no such folder
     */
    public record Match(List<ArtifactFile> files, Map<Remark, List<String>> remarks, boolean empty)
            implements Serializable {
        private static final long serialVersionUID = 1;

        public Match {
            if (files.size() > MOST_FILES + 1) {
                throw new IllegalArgumentException(files.size() + " files");
            }
            files = new ArrayList<>(files);
            Set<String> names = new HashSet<>();
            for (ArtifactFile file : files) {
                if (!names.add(file.name())) {
                    throw new IllegalArgumentException("the file " + file.name() + " twice");
                }
            }
            EnumMap<Remark, List<String>> lines = new EnumMap<>(Remark.class);
            for (Remark remark : Remark.values()) {
                lines.put(remark, names(remarks.getOrDefault(remark, List.of())));
            }
            remarks = lines;
        }

        private static ArrayList<String> names(List<String> names) {
            return names.stream()
                    .limit(MOST_NAMES)
                    .map(name -> PlainText.oneLine(name, NAME_LIMIT))
                    .collect(Collectors.toCollection(ArrayList::new));
        }

        /** {@return the names of a remark with commas between; empty text when there are none} */
        public String names(Remark remark) {
            return String.join(", ", remarks.get(remark));
        }
    }

    /**
     * Looks for files.
     *
     * @param workspace where to look; it need not exist
     * @param patterns Ant patterns, with commas or line ends between; a path may begin with {@code ./}, or with that of the workspace
     * @return what matched
     * @throws IOException when the agent cannot be asked
     * @throws InterruptedException when the thread was interrupted; the search ends, too
     */
    public static Match find(Workspace workspace, String patterns) throws IOException, InterruptedException {
        return workspace.act(Match.class, new Search(patterns, workspace.get().isRemote()));
    }

    private record Search(String patterns, boolean mayLeave) implements ControllerToAgentFileCallable<Match> {
        private static final long serialVersionUID = 1;

        @Override
        public Match invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            Map<Remark, List<String>> remarks = new EnumMap<>(Remark.class);
            if (!canName(patterns)) {
                remarks.put(Remark.UNNAMEABLE, List.of(patterns));
            }
            if (!workspace.isDirectory()) {
                return new Match(List.of(), remarks, true);
            }
            List<String> all = patterns(workspace);
            Walk walk = new Walk(workspace.toPath(), all, mayLeave, remarks);
            List<ArtifactFile> files = walk.files();
            String[] entries = workspace.list();
            if (files.isEmpty()) {
                remarks.put(
                        Remark.DIRECTORY,
                        all.stream()
                                .filter(name -> new File(workspace, name).isDirectory())
                                .toList());
                List<ArtifactFile> candidates = new Walk(
                                workspace.toPath(), List.of(EVERY_ARTIFACT), false, new EnumMap<>(Remark.class))
                        .files();
                remarks.put(
                        Remark.CANDIDATE,
                        candidates.stream()
                                .map(ArtifactFile::name)
                                .sorted(Comparator.comparingInt(name -> EditDistance.editDistance(name, patterns)))
                                .limit(CANDIDATES)
                                .toList());
            }
            return new Match(files, remarks, entries == null || entries.length == 0);
        }

        /** {@return the patterns, relative to the workspace} */
        private List<String> patterns(File workspace) throws IOException {
            List<String> roots = Stream.of(
                            workspace.getPath(), workspace.toPath().toRealPath().toString())
                    .map(root -> root.replace(File.separatorChar, '/') + '/')
                    .toList();
            List<String> all = new ArrayList<>();
            for (String part : patterns.split("[,\r\n]+")) {
                String pattern = part.strip().replace('\\', '/');
                for (String root : roots) {
                    pattern = pattern.startsWith(root) ? pattern.substring(root.length()) : pattern;
                }
                while (pattern.startsWith("./")) {
                    pattern = pattern.substring("./".length()).replaceFirst("^/+", "");
                }
                if (!pattern.isEmpty()) {
                    all.add(pattern.endsWith("/") ? pattern + ANY_DEPTH : pattern);
                }
            }
            return all;
        }
    }

    /** {@return whether Java on this machine can name a file so} */
    private static boolean canName(String text) {
        String charset = System.getProperty("sun.jnu.encoding");
        return charset == null
                || !Charset.isSupported(charset)
                || Charset.forName(charset).newEncoder().canEncode(text);
    }

    /** One way through a workspace, by the folders that patterns can lead to. */
    private static final class Walk {
        private final Path workspace;
        private final Path root;
        private final List<TokenizedPattern> patterns;
        private final boolean mayLeave;
        private final Map<Remark, List<String>> remarks;
        private final Map<Path, ArtifactFile> files = new LinkedHashMap<>();
        private final Map<Path, ArtifactFile> outside = new LinkedHashMap<>();

        /** The folders that are being looked through, by their real paths: a link to one of them goes round in a circle. */
        private final Deque<Path> above = new ArrayDeque<>();

        Walk(Path workspace, List<String> patterns, boolean mayLeave, Map<Remark, List<String>> remarks)
                throws IOException {
            this.workspace = workspace;
            this.root = workspace.toRealPath();
            this.patterns = patterns.stream().map(WorkspaceFiles::tokens).toList();
            this.mayLeave = mayLeave;
            this.remarks = remarks;
        }

        /** Walks and {@return the files, sorted by name}; those outside when there are none inside, and they may be left to */
        List<ArtifactFile> files() throws IOException, InterruptedException {
            folder(workspace, "", root, root, 0);
            Map<Path, ArtifactFile> found = files.isEmpty() && mayLeave ? outside : files;
            if (found != outside) {
                outside.values().forEach(file -> remark(Remark.OUTSIDE, file.name()));
            }
            return found.values().stream()
                    .sorted(Comparator.comparing(ArtifactFile::name))
                    .limit(MOST_FILES + 1L)
                    .toList();
        }

        private void remark(Remark remark, String name) {
            List<String> names = new ArrayList<>(remarks.getOrDefault(remark, List.of()));
            names.add(name);
            remarks.put(remark, names);
        }

        /**
         * Looks through a folder.
         *
         * @param name its name by the workspace, empty for the workspace itself
         * @param real its real path
         * @param base the folder that links below it may lead into: the workspace, or where a link leads that a pattern names
         * @param links how many links there are in its name
         */
        private void folder(Path folder, String name, Path real, Path base, int links)
                throws IOException, InterruptedException {
            above.push(real);
            Map<String, Path> entries = new TreeMap<>();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
                for (Path entry : all) {
                    checkInterrupt();
                    entries.put(folder.relativize(entry).toString(), entry);
                }
            } catch (AccessDeniedException e) {
                remark(Remark.PASSED_OVER, name);
            }
            for (Map.Entry<String, Path> entry : entries.entrySet()) {
                checkInterrupt();
                String path = name.isEmpty() ? entry.getKey() : name + File.separatorChar + entry.getKey();
                entry(entry.getValue(), path, base, links);
            }
            above.pop();
        }

        private static void checkInterrupt() throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }

        private void entry(Path entry, String path, Path base, int links) throws IOException, InterruptedException {
            TokenizedPath steps = new TokenizedPath(path);
            if (EXCLUDED.stream().anyMatch(pattern -> pattern.matchPath(steps, true))) {
                return;
            }
            boolean matches = patterns.stream().anyMatch(pattern -> pattern.matchPath(steps, true));
            if (!matches && !Files.isDirectory(entry)) {
                return;
            }
            if (matches && !canName(entry)) {
                remark(Remark.UNNAMEABLE, path);
                return;
            }
            Path real;
            try {
                real = entry.toRealPath();
            } catch (IOException e) { // a link that leads nowhere, or a file that has vanished
                if (matches) {
                    remark(Remark.PASSED_OVER, path);
                }
                return;
            }
            boolean isLink = Files.isSymbolicLink(entry);
            if (Files.isDirectory(real)) {
                if (patterns.stream().anyMatch(pattern -> pattern.matchStartOf(steps, true))) {
                    through(entry, path, real, base, links + (isLink ? 1 : 0));
                }
            } else {
                file(path, real, base);
            }
        }

        private void through(Path folder, String path, Path real, Path base, int links)
                throws IOException, InterruptedException {
            if (above.contains(real) || links > MOST_LINKS) {
                return;
            }
            if (real.startsWith(base) || real.startsWith(root)) {
                folder(folder, path, real, base, links);
            } else if (isNamed(path)) {
                if (mayLeave) {
                    folder(folder, path, real, real, links);
                } else {
                    remark(Remark.OUTSIDE, path);
                }
            }
        }

        private void file(String path, Path real, Path base) throws IOException {
            String name = path.replace(File.separatorChar, '/');
            if (!Files.isReadable(real)) {
                remark(Remark.UNREADABLE, name);
                return;
            }
            ArtifactFile file = ArtifactFile.of(name, real);
            if (!real.startsWith(base) && !real.startsWith(root) && !(mayLeave && isNamed(path))) {
                outside.put(real, file);
            } else if (!files.containsKey(real)
                    || workspace.resolve(path).equals(real)
                    || root.resolve(path).equals(real)) {
                files.put(real, file);
            }
        }

        /** {@return whether a pattern leads to a path step by step, so that somebody meant it} */
        private boolean isNamed(String path) {
            List<String> steps = steps(path);
            return patterns.stream()
                    .map(pattern -> steps(pattern.getPattern()))
                    .filter(pattern -> pattern.size() >= steps.size())
                    .anyMatch(pattern -> IntStream.range(0, steps.size())
                            .allMatch(i -> !pattern.get(i).equals(ANY_DEPTH)
                                    && SelectorUtils.match(pattern.get(i), steps.get(i))));
        }

        private static List<String> steps(String path) {
            return List.of(path.replace(File.separatorChar, '/').split("/"));
        }

        private static boolean canName(Path path) {
            try {
                return Path.of(path.toString()).equals(path);
            } catch (InvalidPathException e) {
                return false;
            }
        }
    }

    /**
     * Reads an Artifact, and brings back what it says, not what it carries.
     *
     * @param workspace where it lies
     * @param file the file, as {@link #find} found it
     * @param full whether to check every checksum, or to look at the structure alone
     * @return what it holds
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when it cannot be read, or the agent cannot be asked
     * @throws InterruptedException when the thread was interrupted
     */
    public static ArtifactContents read(Workspace workspace, ArtifactFile file, boolean full)
            throws IOException, InterruptedException {
        try {
            return workspace.act(ArtifactContents.class, new Reading(file, full));
        } catch (ArtifactException e) {
            if (e.problem() == null || e.part() == null || e.detail() == null) {
                throw Workspace.strange(ArtifactException.class.getSimpleName());
            }
            throw new ArtifactException(e.problem(), e.part(), e.detail());
        }
    }

    private record Reading(ArtifactFile file, boolean full) implements ControllerToAgentFileCallable<ArtifactContents> {
        private static final long serialVersionUID = 1;

        @Override
        public ArtifactContents invoke(File workspace, VirtualChannel channel) throws IOException {
            return Inspector.local(file, full);
        }
    }
}
