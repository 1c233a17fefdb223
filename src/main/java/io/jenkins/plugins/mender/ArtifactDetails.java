package io.jenkins.plugins.mender;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.upload.Preparation.Known;
import io.jenkins.plugins.mender.upload.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvnet.localizer.LocaleProvider;

/** What an Artifact's header says, as far as a build keeps it for its page. Texts of the file are made fit for one line. */
public final class ArtifactDetails {
    private static final int LIMIT = 256;

    /** How many properties, payload files and scripts are kept of each, so that no Artifact makes builds slow to load. */
    private static final int MOST = 100;

    private final int formatVersion;
    private final boolean signed;
    private final LinkedHashMap<String, String> depends = new LinkedHashMap<>();
    private final LinkedHashMap<String, String> provides = new LinkedHashMap<>();
    private final ArrayList<String> scripts = new ArrayList<>();
    private final ArrayList<File> files = new ArrayList<>();
    private final int moreFiles;

    private ArtifactDetails(ArtifactHeader header, ArtifactContents contents) {
        formatVersion = header.formatVersion();
        signed = contents.signed();
        header.depends().entrySet().stream()
                .filter(depend -> !depend.getKey().equals(ArtifactHeader.DEVICE_TYPE))
                .limit(MOST)
                .forEach(depend -> depends.put(line(depend.getKey()), line(String.join(", ", depend.getValue()))));
        header.provides().entrySet().stream()
                .limit(MOST)
                .forEach(provide -> provides.put(line(provide.getKey()), line(provide.getValue())));
        contents.scripts().stream().limit(MOST).forEach(script -> scripts.add(line(script)));
        int all = 0;
        for (int i = 0; i < contents.payloads().size(); i++) {
            Payload payload = contents.payloads().get(i);
            String type = i < header.payloadTypes().size()
                    ? line(header.payloadTypes().get(i))
                    : "";
            for (PayloadFile file : payload.files()) {
                if (all++ < MOST) {
                    files.add(new File(type, line(file.name()), file.size(), file.sha256()));
                }
            }
        }
        moreFiles = Math.max(0, all - MOST);
    }

    /** {@return what is kept of an Artifact's header} */
    static ArtifactDetails of(Known known) {
        return new ArtifactDetails(known.header(), known.contents());
    }

    private static String line(String text) {
        return PlainText.oneLine(text, LIMIT);
    }

    /** {@return the version of the file format} */
    public int getFormatVersion() {
        return formatVersion;
    }

    /** {@return whether the Artifact has a signature} */
    public boolean isSigned() {
        return signed;
    }

    /** {@return what a device must have besides its type} */
    public Map<String, String> getDepends() {
        return new LinkedHashMap<>(depends);
    }

    /** {@return what a device has afterwards} */
    public Map<String, String> getProvides() {
        return new LinkedHashMap<>(provides);
    }

    /** {@return the names of its state scripts} */
    public List<String> getScripts() {
        return List.copyOf(scripts);
    }

    /** {@return the files of its payloads} */
    public List<File> getFiles() {
        return List.copyOf(files);
    }

    /** {@return how many payload files there are besides} */
    public int getMoreFiles() {
        return moreFiles;
    }

    /** A file of a payload. */
    public static final class File {
        private final String payloadType;
        private final String name;
        private final long size;
        private final String sha256;

        File(String payloadType, String name, long size, String sha256) {
            this.payloadType = payloadType;
            this.name = name;
            this.size = size;
            this.sha256 = sha256;
        }

        /** {@return the type of the payload that it belongs to, such as {@code rootfs-image}} */
        public String getPayloadType() {
            return payloadType;
        }

        /** {@return its name} */
        public String getName() {
            return name;
        }

        /** {@return its size, or empty text when it is not known} */
        public String getSizeText() {
            return size == PayloadFile.UNKNOWN_SIZE ? "" : Texts.size(size, LocaleProvider.getLocale());
        }

        /** {@return its checksum by the manifest, lower case hex digits} */
        public String getSha256() {
            return sha256;
        }
    }
}
