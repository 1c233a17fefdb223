package io.jenkins.plugins.mender;

import io.jenkins.plugins.mender.api.DeviceCounts;
import io.jenkins.plugins.mender.upload.DeploymentWatch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What a Pipeline gets of a deployment. Its properties can be read in the sandbox and outlive a restart. */
@ExportedBean(defaultVisibility = 3)
public final class MenderDeployResult implements Serializable {
    private static final long serialVersionUID = 1;

    /** The groups of states that the build's page shows, in their order. */
    private static final List<String> PARTS = List.of("succeeded", "failed", "active", "paused", "pending");

    private final String id;
    private final String name;
    private final String artifact;
    private final String group;
    private final String url;
    private final String verdict;
    private final int total;
    private final LinkedHashMap<String, Integer> counts;
    private final ArrayList<LinkedHashMap<String, String>> failedDevices = new ArrayList<>();

    MenderDeployResult(DeploymentWatch watch) {
        this.id = watch.id();
        this.name = watch.name();
        this.artifact = watch.artifact();
        this.group = watch.group();
        this.url = watch.url();
        this.verdict = watch.verdict().name();
        this.total = watch.total();
        this.counts = new LinkedHashMap<>(watch.counts().states());
        watch.failed().forEach(device -> {
            LinkedHashMap<String, String> properties = new LinkedHashMap<>();
            properties.put("id", device.id());
            properties.put("identity", device.identity());
            properties.put("state", device.state());
            failedDevices.add(properties);
        });
    }

    /** {@return the deployment's id} */
    @Exported
    @Whitelisted
    public String getId() {
        return id;
    }

    /** {@return the deployment's name} */
    @Exported
    @Whitelisted
    public String getName() {
        return name;
    }

    /** {@return the Artifact's name} */
    @Exported
    @Whitelisted
    public String getArtifact() {
        return artifact;
    }

    /** {@return the group that it is for; empty when it is for other devices} */
    @Exported
    @Whitelisted
    public String getGroup() {
        return Objects.requireNonNullElse(group, ""); // saved before there was one
    }

    /** {@return the deployment's page in the server's web interface} */
    @Exported
    @Whitelisted
    public String getUrl() {
        return url;
    }

    /** {@return {@code SUCCESS}, {@code ACCEPTED}, {@code FAILURE}, {@code LATE}, {@code STARTED}, or {@code OPEN} while it is waited for} */
    @Exported
    @Whitelisted
    public String getVerdict() {
        return verdict;
    }

    /** {@return whether enough devices have it} */
    @Exported
    @Whitelisted
    public boolean isSucceeded() {
        return verdict.equals("SUCCESS") || verdict.equals("ACCEPTED");
    }

    /** {@return for how many devices it is} */
    @Exported
    @Whitelisted
    public int getTotal() {
        return total;
    }

    /** {@return how many devices are in which of Mender's states} */
    @Exported
    @Whitelisted
    public Map<String, Integer> getCounts() {
        return new LinkedHashMap<>(counts);
    }

    /** {@return the first devices that did not get it, each with {@code id}, {@code identity} and {@code state}} */
    @Exported
    @Whitelisted
    public List<Map<String, String>> getFailedDevices() {
        return new ArrayList<>(failedDevices);
    }

    boolean isSameAs(MenderDeployResult other) {
        return id.equals(other.id);
    }

    /**
     * A part of the bar on the build's page.
     *
     * @param name its name, for its colour
     * @param text what it stands for, with the number
     * @param from where it begins, in thousandths of the bar
     * @param width how wide it is, in the same measure
     */
    public record Part(String name, String text, int from, int width) {}

    /** {@return the parts of the bar that are not empty} */
    public List<Part> getParts() {
        List<Part> parts = new ArrayList<>();
        int before = 0;
        for (String part : PARTS) {
            int number = number(part);
            if (number > 0) {
                int from = (int) (1000L * before / total);
                before += number;
                parts.add(new Part(part, text(part, number), from, (int) (1000L * before / total) - from));
            }
        }
        return parts;
    }

    private int number(String part) {
        DeviceCounts now = new DeviceCounts(counts);
        return switch (part) {
            case "succeeded" -> now.succeeded();
            case "failed" -> now.failed();
            case "active" -> now.active();
            case "paused" -> now.paused();
            default -> now.pending(total);
        };
    }

    private static String text(String part, int number) {
        return switch (part) {
            case "succeeded" -> Messages.Deployment_succeeded(number);
            case "failed" -> Messages.Deployment_failed(number);
            case "active" -> Messages.Deployment_active(number);
            case "paused" -> Messages.Deployment_paused(number);
            default -> Messages.Deployment_pending(number);
        };
    }

    /** {@return the bar in words} */
    public String getDescription() {
        return String.join(", ", getParts().stream().map(Part::text).toList());
    }

    /** {@return what is deployed where, and how it ended, in words} */
    public String getFacts() {
        return Stream.of(artifact, getGroup(), verdictText())
                .filter(fact -> !fact.isEmpty())
                .collect(Collectors.joining(" · "));
    }

    private String verdictText() {
        return switch (verdict) {
            case "SUCCESS" -> Messages.Deployment_success();
            case "ACCEPTED" -> Messages.Deployment_accepted();
            case "FAILURE" -> Messages.Deployment_failure();
            case "LATE" -> Messages.Deployment_late();
            case "STARTED" -> Messages.Deployment_started();
            default -> Messages.Deployment_open();
        };
    }

    @Override
    public String toString() {
        return Objects.toString(name) + " (" + id + "): " + verdict;
    }
}
