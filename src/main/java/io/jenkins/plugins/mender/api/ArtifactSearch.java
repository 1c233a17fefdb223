package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.api.MenderApi.Reading;
import io.jenkins.plugins.mender.http.Redaction;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The search for Artifacts by name, page by page. Servers since 4.1 have {@code GET /v2/deployments/artifacts} with an exact
 * name; older ones answer it with 404 or 405 and have {@code GET /v1/deployments/artifacts/list}.
 */
final class ArtifactSearch {
    /** Artifacts for each page; when a page turns out longer than what is kept of an answer, the next size is tried. */
    private static final int[] PAGE_SIZES = {20, 4, 1};

    /** What is kept of a page, in bytes: all that is read as JSON of a single Artifact, less of several, to spare memory. */
    private static final int[] PAGE_BYTES = {1024 * 1024, 1024 * 1024, MenderApi.JSON_BYTES};

    private static final int MOST_PAGES = 500;
    private static final Pattern NEXT = Pattern.compile("rel=\"?next\"?");

    /** Makes a GET call. */
    @FunctionalInterface
    interface Call {
        <T> T get(String path, int answerBytes, Reading<T> reading)
                throws ApiError, TransportException, InterruptedException;
    }

    /** One page: its Artifacts, whether another follows, and whether it came whole. */
    private record Page(List<Artifact> artifacts, boolean more, boolean whole) {}

    private final Call call;
    private final String name;
    private final Redaction redaction;

    ArtifactSearch(Call call, String name, Redaction redaction) {
        this.call = call;
        this.name = name;
        this.redaction = redaction;
    }

    List<Artifact> run() throws ApiError, TransportException, InterruptedException {
        try {
            return allPages("/v2/deployments/artifacts?name=" + MenderServer.pathSegment(name.replace("*", "\\*")));
        } catch (ApiError e) {
            if (e.status() != 404 && e.status() != 405) {
                throw e;
            }
            return allPages(MenderApi.ARTIFACTS + "/list?name=" + MenderServer.pathSegment(name));
        }
    }

    private List<Artifact> allPages(String query) throws ApiError, TransportException, InterruptedException {
        List<Artifact> found = new ArrayList<>();
        int size = 0;
        int page = 1;
        while (page <= MOST_PAGES) {
            boolean smallest = size == PAGE_SIZES.length - 1;
            Page answer = call.get(
                    query + "&page=" + page + "&per_page=" + PAGE_SIZES[size],
                    PAGE_BYTES[size],
                    response -> page(response, smallest));
            if (!answer.whole()) {
                size++;
                page = 1;
                found.clear();
                continue;
            }
            found.addAll(answer.artifacts());
            if (!answer.more()) {
                break;
            }
            page++;
        }
        return found;
    }

    private Page page(Response response, boolean smallest) {
        if (response.truncated() && !smallest) {
            return new Page(List.of(), true, false);
        }
        List<Artifact> named = artifacts(response).stream()
                .filter(artifact -> name.equals(artifact.name()))
                .toList();
        boolean more = response.header("Link")
                .filter(link -> NEXT.matcher(link).find())
                .isPresent();
        return new Page(named, more, true);
    }

    private List<Artifact> artifacts(Response response) {
        if (response.truncated()) {
            return List.of(Artifact.ofFirst(response.content()));
        }
        JsonNode all = Json.parse(response.content(), redaction);
        if (!all.isArray()) {
            throw new IllegalArgumentException("not a list");
        }
        return Json.elements(all).stream().map(Artifact::of).toList();
    }
}
