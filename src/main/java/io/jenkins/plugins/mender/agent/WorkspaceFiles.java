package io.jenkins.plugins.mender.agent;

import hudson.Util;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.agents.ControllerToAgentFileCallable;
import org.apache.tools.ant.types.FileSet;

/**
 * Looks for the files to upload and reads them, on the machine where the workspace lies. Symbolic links are followed as long as they stay
 * inside: neither they nor {@code ..} lead to files that the job could not read by other means.
 */
public final class WorkspaceFiles {
    private static final String EVERY_ARTIFACT = "**/*.mender";
    private static final int CANDIDATES = 5;
    private static final int NAME_LIMIT = 256;

    /** The most files that one step uploads. */
    public static final int MOST_FILES = 10_000;

    /** The most names of files that something is the matter with; more say no more. */
    private static final int MOST_NAMES = 20;

    private WorkspaceFiles() {}

    /**
     * What a pattern matched, by the word of an agent. What no search comes to is an {@link IllegalArgumentException}.
     *
     * @param files the files, sorted by name, no two of one name; of a file and links to it, the file alone; of more than {@link
     *     #MOST_FILES} as many and one more
     * @param outside names of matched files that lie outside the workspace
     * @param unreadable names of matched files that the agent's user may not read
     * @param directories names in the pattern that are directories
     * @param candidates when nothing matched: files that may have been meant, the most similar first
     */
    public record Match(
            List<ArtifactFile> files,
            List<String> outside,
            List<String> unreadable,
            List<String> directories,
            List<String> candidates)
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
            outside = names(outside);
            unreadable = names(unreadable);
            directories = names(directories);
            candidates = names(candidates);
        }

        private static ArrayList<String> names(List<String> names) {
            return names.stream()
                    .limit(MOST_NAMES)
                    .map(name -> PlainText.oneLine(name, NAME_LIMIT))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    /**
     * Looks for files.
     *
     * @param workspace where to look; it need not exist
     * @param patterns Ant patterns, comma separated
     * @return what matched
     * @throws IOException when the agent cannot be asked
     * @throws InterruptedException when the thread was interrupted
     */
    public static Match find(Workspace workspace, String patterns) throws IOException, InterruptedException {
        return workspace.act(Match.class, new Search(patterns));
    }

    private record Search(String patterns) implements ControllerToAgentFileCallable<Match> {
        private static final long serialVersionUID = 1;

        @Override
        public Match invoke(File workspace, VirtualChannel channel) throws IOException {
            if (!workspace.isDirectory()) {
                return new Match(List.of(), List.of(), List.of(), List.of(), List.of());
            }
            Path root = workspace.toPath().toRealPath();
            Map<Path, ArtifactFile> files = new LinkedHashMap<>();
            List<String> outside = new ArrayList<>();
            List<String> unreadable = new ArrayList<>();
            for (String name : scan(workspace, patterns, true)) {
                Path file = workspace.toPath().resolve(name);
                String slashed = name.replace(File.separatorChar, '/');
                Path real = file.toRealPath();
                if (!real.startsWith(root)) {
                    outside.add(slashed);
                } else if (!Files.isReadable(real)) {
                    unreadable.add(slashed);
                } else if (!Files.isSymbolicLink(file) || !files.containsKey(real)) {
                    files.put(real, new ArtifactFile(slashed, real.toString(), Files.size(real)));
                }
            }
            if (!files.isEmpty() || !outside.isEmpty() || !unreadable.isEmpty()) {
                List<ArtifactFile> sorted = files.values().stream()
                        .sorted(Comparator.comparing(ArtifactFile::name))
                        .limit(MOST_FILES + 1L)
                        .toList();
                return new Match(sorted, outside, unreadable, List.of(), List.of());
            }
            List<String> directories = Stream.of(patterns.split(","))
                    .map(String::trim)
                    .filter(name -> !name.isEmpty() && new File(workspace, name).isDirectory())
                    .toList();
            return new Match(List.of(), List.of(), List.of(), directories, candidates(workspace));
        }

        private static List<String> scan(File workspace, String patterns, boolean followSymbolicLinks) {
            FileSet files = Util.createFileSet(workspace, patterns);
            files.setFollowSymlinks(followSymbolicLinks);
            return Stream.of(files.getDirectoryScanner().getIncludedFiles())
                    .sorted()
                    .toList();
        }

        private List<String> candidates(File workspace) {
            return scan(workspace, EVERY_ARTIFACT, false).stream()
                    .map(name -> name.replace(File.separatorChar, '/'))
                    .sorted(Comparator.comparingInt(name -> EditDistance.editDistance(name, patterns)))
                    .limit(CANDIDATES)
                    .toList();
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
