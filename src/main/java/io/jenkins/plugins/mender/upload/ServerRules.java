package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.api.ArtifactHeader.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.Compression;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.upload.Preparation.Known;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a sound Artifact may be refused for after the upload: the rules of Mender Server 4.1.3, in its service deployments
 * ({@code model/image.go}) and in the reader that it uses ({@code areader} and {@code utils/validation.go} of mender-artifact
 * c5f6563). Rules for the form of the documents are checked where these are read.
 */
final class ServerRules {
    private static final int TEXT_BYTES = 256;
    private static final int DEVICE_TYPES = 200;

    /** The most combinations of depends, each of which gets an entry in the server's index. */
    private static final int COMBINATIONS = 1024;

    private static final List<String> CHECKED_TEXTS =
            List.of("artifact_name", ArtifactHeader.DEVICE_TYPE, "artifact_group");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_.,-]+");
    private static final int LONG_TEXT_LIMIT = 40;

    private final String file;
    private final Known known;
    private final List<String> refusals = new ArrayList<>();

    private ServerRules(String file, Known known) {
        this.file = file;
        this.known = known;
    }

    /** {@return why servers would refuse a file, empty when they would not} */
    static Optional<String> refusal(String file, Known known) {
        ServerRules rules = new ServerRules(file, known);
        rules.checkTexts();
        rules.checkDepends();
        rules.checkFiles();
        return rules.refusals.stream().findFirst();
    }

    /** {@return what servers take and newer tools do not, each on one line} */
    static List<String> doubts(String file, Known known) {
        List<String> doubts = new ArrayList<>();
        for (Payload payload : known.header().payloads()) {
            for (ArtifactHeader.Type type : List.of(payload.header(), payload.augmented())) {
                if (!type.headerInfo().isEmpty() && !type.typeInfo().equals(type.headerInfo())) {
                    String key = type.typeInfo().isEmpty() ? "log.typeInfo.none" : "log.typeInfo.other";
                    doubts.add(Texts.get(key, file, Texts.line(type.headerInfo()), Texts.line(type.typeInfo())));
                }
            }
        }
        return doubts;
    }

    private void checkTexts() {
        Map<String, String> provides = known.header().provides();
        Map<String, List<String>> depends = known.header().depends();
        for (String key : CHECKED_TEXTS) {
            checkText(key, provides.getOrDefault(key, ""));
            depends.getOrDefault(key, List.of()).forEach(text -> checkText(key, text));
        }
    }

    private void checkText(String key, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > TEXT_BYTES) {
            refuse("length", key, PlainText.oneLine(text, LONG_TEXT_LIMIT), bytes, TEXT_BYTES);
        }
        text.codePoints()
                .filter(ServerRules::isInvisible)
                .findFirst()
                .ifPresent(c -> refuse("characters", key, Texts.line(text), String.format("U+%04X", c)));
    }

    /**
     * The reader takes Go's {@code unicode.IsPrint}. Whether a character that this Java does not know is one is left to the
     * server, whose Unicode may be newer; half a surrogate pair is read as a replacement character there.
     */
    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE -> true;
            case Character.SPACE_SEPARATOR -> c != ' ';
            default -> false;
        };
    }

    private void checkDepends() {
        int deviceTypes = known.header().deviceTypes().size();
        if (deviceTypes > DEVICE_TYPES) {
            refuse("devices", deviceTypes, DEVICE_TYPES);
        }
        double combinations = known.header().depends().values().stream()
                .mapToDouble(List::size)
                .reduce(1, (one, other) -> one * other);
        if (combinations > COMBINATIONS) {
            refuse("combinations", COMBINATIONS);
        }
    }

    private void checkFiles() {
        boolean augmented = !known.contents().augmentedHeaderInfo().isEmpty();
        if (augmented && known.contents().headerCompression() == Compression.ZSTD) {
            refuse("augmentedZstd");
        }
        for (int i = 0; i < known.header().payloads().size(); i++) {
            Payload payload = known.header().payloads().get(i);
            List<PayloadFile> files = known.contents().payloads().get(i).files();
            files.stream()
                    .filter(one -> !FILE_NAME.matcher(one.name()).matches())
                    .findFirst()
                    .ifPresent(one -> refuse("fileName", Texts.line(one.name())));
            checkPlaces(payload, files);
            checkNumber(payload, files);
        }
    }

    /** Nothing may lie in an empty payload, and only an augmented one has augmented files; format 2 knows root file systems alone. */
    private void checkPlaces(Payload payload, List<PayloadFile> files) {
        boolean none = known.header().formatVersion() == 2 && !isRootfs(payload.header());
        files.stream()
                .filter(one -> none
                        || (one.augmented()
                                ? !payload.isAugmented()
                                : payload.header().headerInfo().isEmpty()))
                .findFirst()
                .ifPresent(one -> refuse("files", Texts.line(one.name())));
    }

    private void checkNumber(Payload payload, List<PayloadFile> files) {
        long augmented = files.stream().filter(PayloadFile::augmented).count();
        long own = files.size() - augmented;
        if (isRootfs(payload.header()) && own > 1
                || isRootfs(payload.augmented()) && (augmented > 1 || augmented > 0 && own > 0)) {
            refuse("rootfs", files.size());
        }
    }

    private static boolean isRootfs(ArtifactHeader.Type type) {
        return type.headerInfo().equals(ArtifactHeader.ROOTFS_IMAGE);
    }

    private void refuse(String rule, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(file));
        all.addAll(List.of(arguments));
        refusals.add(Texts.get("gist.refused." + rule, all.toArray()));
    }
}
