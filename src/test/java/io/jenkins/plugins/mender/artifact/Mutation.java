package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Good Artifacts with changes that a number stands for: the same number always makes the same bytes. */
final class Mutation {
    private static final List<String> SMALL =
            List.of("augmented", "bootstrap", "delta", "format-2", "no-files", "scripts", "zstd");
    private static final List<String> LARGE =
            List.of("depends", "module-two-devices", "rootfs-gzip", "rootfs-none", "signed", "unicode-name");

    /** They ask for dictionaries of 64 MiB, which takes the time of a hundred others. */
    private static final List<String> SLOW = List.of("everything", "rootfs-lzma");

    private static final long[] SIZES = {
        0, 1, 511, 512, 513, 1 << 16, 1 << 20, Integer.MAX_VALUE, 1L << 33, 1L << 40, -1
    };

    private final List<byte[]> small = recorded(SMALL);
    private final List<byte[]> large = recorded(LARGE);
    private final List<byte[]> slow = recorded(SLOW);

    Mutation() throws IOException {
        for (Compression compression : Compression.values()) {
            ArtifactBuilder builder = new ArtifactBuilder("made", "a", "b").compressed(compression, compression);
            small.add(ArtifactParts.of(builder.script("ArtifactInstall_Enter_01")
                            .file("a", "one")
                            .file("b", "two"))
                    .bytes());
            small.add(ArtifactParts.of(builder.augmented("delta").payloadDepends("version", "1"))
                    .bytes());
        }
    }

    private static List<byte[]> recorded(List<String> names) throws IOException {
        List<byte[]> artifacts = new ArrayList<>();
        for (String name : names) {
            artifacts.add(ArtifactParts.recorded(name));
        }
        return artifacts;
    }

    /** {@return one of the good Artifacts, changed} */
    byte[] number(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] artifact = pick(random);
        if (random.nextInt(6) == 0) {
            return changed(artifact, random);
        }
        ArtifactParts parts = ArtifactParts.of(artifact);
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            change(parts, random);
        }
        return (random.nextInt(5) == 0 ? parts : parts.withSums()).bytes();
    }

    private byte[] pick(SplittableRandom random) {
        int lot = random.nextInt(200);
        List<byte[]> from = lot == 0 ? slow : lot < 20 ? large : small;
        return from.get(random.nextInt(from.size()));
    }

    private void change(ArtifactParts parts, SplittableRandom random) throws IOException {
        List<String> names = parts.names();
        List<String> archives = names.stream().filter(Mutation::isArchive).toList();
        List<String> from = archives.isEmpty() || random.nextInt(8) == 0 ? names : archives;
        if (names.isEmpty()) {
            return;
        }
        String name = from.get(random.nextInt(from.size()));
        switch (random.nextInt(isArchive(name) ? 16 : 3)) {
            case 0 -> parts.insert(names.get(random.nextInt(names.size())), name, parts.content(name));
            case 1 -> parts.remove(name);
            case 2 -> parts.replace(name, changed(parts.content(name), random));
            default -> deep(parts, name, random);
        }
    }

    private static boolean isArchive(String name) {
        return name.startsWith("header") || name.startsWith("data/");
    }

    /** Changes an inner archive before it is compressed again, perhaps in another way. */
    private void deep(ArtifactParts parts, String name, SplittableRandom random) throws IOException {
        byte[] tar;
        try {
            tar = changed(parts.opened(name), random);
        } catch (IOException e) {
            return; // the change before this one was to the compressed bytes
        }
        String as = name;
        if (random.nextInt(4) == 0) {
            Compression other = Compression.values()[random.nextInt(Compression.values().length)];
            as = name.replaceFirst("\\.tar.*", ".tar") + InnerArchive.suffix(other);
            if (parts.names().contains("manifest")) {
                parts.replace("manifest", parts.text("manifest").replace("  " + name + "\n", "  " + as + "\n"));
            }
        }
        parts.rename(name, as).packed(as, tar);
    }

    private byte[] changed(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            bytes = changedOnce(bytes, random);
        }
        if (random.nextInt(3) > 0) {
            for (int header : RawTar.headers(bytes)) {
                RawTar.sum(bytes, header);
            }
        }
        return bytes;
    }

    private byte[] changedOnce(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        int length = 1 + random.nextInt(Math.min(bytes.length - at, random.nextBoolean() ? 16 : 2048));
        List<Integer> headers = RawTar.headers(bytes);
        int header = headers.isEmpty() ? -1 : headers.get(random.nextInt(headers.size()));
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, at, length);
            }
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return joined(bytes, at, bytes, at + length);
            }
            case 5 -> {
                return joined(bytes, at + length, bytes, at);
            }
            case 6 -> {
                byte[] other = pick(random);
                return joined(bytes, at / RawTar.RECORD * RawTar.RECORD, other, random.nextInt(other.length));
            }
            case 7 -> {
                if (header >= 0 && header + RawTar.RECORD <= bytes.length) {
                    return RawTar.binarySize(bytes, header, SIZES[random.nextInt(SIZES.length)]);
                }
            }
            default -> {
                if (header >= 0 && header + RawTar.RECORD <= bytes.length) {
                    bytes[header + random.nextInt(RawTar.RECORD)] =
                            (byte) "0123457xgLKS/. \0".charAt(random.nextInt(16));
                }
            }
        }
        return bytes;
    }

    /** {@return the beginning of one and the end of another} */
    private static byte[] joined(byte[] one, int to, byte[] other, int from) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(one, 0, to);
        bytes.write(other, from, other.length - from);
        return bytes.toByteArray();
    }
}
