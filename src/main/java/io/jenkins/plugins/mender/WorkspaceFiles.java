package io.jenkins.plugins.mender;

import hudson.Util;
import hudson.remoting.VirtualChannel;
import hudson.util.EditDistance;
import io.jenkins.plugins.mender.api.ArtifactFile;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jenkins.agents.ControllerToAgentFileCallable;
import org.apache.tools.ant.DirectoryScanner;

/** Looks for the files to upload, on the machine where the workspace lies. */
final class WorkspaceFiles {
    private static final String EVERY_ARTIFACT = "**/*.mender";
    private static final int CANDIDATES = 5;

    private WorkspaceFiles() {}

    /**
     * What a pattern matched.
     *
     * @param files the files, sorted by name
     * @param unreadable names of matched files that the agent's user may not read
     * @param directories names in the pattern that are directories
     * @param candidates when nothing matched: files that may have been meant, the most similar first
     */
    record Match(List<ArtifactFile> files, List<String> unreadable, List<String> directories, List<String> candidates)
            implements Serializable {
        private static final long serialVersionUID = 1;

        Match {
            files = new ArrayList<>(files);
            unreadable = new ArrayList<>(unreadable);
            directories = new ArrayList<>(directories);
            candidates = new ArrayList<>(candidates);
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
    static Match find(Workspace workspace, String patterns) throws IOException, InterruptedException {
        return workspace.act(new Search(patterns));
    }

    private record Search(String patterns) implements ControllerToAgentFileCallable<Match> {
        private static final long serialVersionUID = 1;

        @Override
        public Match invoke(File workspace, VirtualChannel channel) throws IOException {
            if (!workspace.isDirectory()) {
                return new Match(List.of(), List.of(), List.of(), List.of());
            }
            List<ArtifactFile> files = new ArrayList<>();
            List<String> unreadable = new ArrayList<>();
            for (String name : scan(workspace, patterns)) {
                File file = new File(workspace, name);
                String slashed = name.replace(File.separatorChar, '/');
                if (Files.isReadable(file.toPath())) {
                    files.add(new ArtifactFile(slashed, file.getAbsolutePath(), file.length()));
                } else {
                    unreadable.add(slashed);
                }
            }
            if (!files.isEmpty() || !unreadable.isEmpty()) {
                return new Match(files, unreadable, List.of(), List.of());
            }
            List<String> directories = Stream.of(patterns.split(","))
                    .map(String::trim)
                    .filter(name -> !name.isEmpty() && new File(workspace, name).isDirectory())
                    .toList();
            return new Match(List.of(), List.of(), directories, candidates(workspace));
        }

        private static List<String> scan(File workspace, String patterns) {
            DirectoryScanner scanner = Util.createFileSet(workspace, patterns).getDirectoryScanner();
            return Stream.of(scanner.getIncludedFiles()).sorted().toList();
        }

        private List<String> candidates(File workspace) {
            return scan(workspace, EVERY_ARTIFACT).stream()
                    .map(name -> name.replace(File.separatorChar, '/'))
                    .sorted(Comparator.comparingInt(name -> EditDistance.editDistance(name, patterns)))
                    .limit(CANDIDATES)
                    .toList();
        }
    }
}
