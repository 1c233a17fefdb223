package io.jenkins.plugins.mender.artifact;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Holds what was read of an Artifact to what {@link ArtifactReader} can come to: it travels, and an agent can say what it likes. What
 * is beyond it is an {@link IllegalArgumentException}.
 */
final class Received {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private Received() {}

    /** {@return a copy of a list, whose size is looked at first: a list of any length can be a few bytes long on its way} */
    static <T> ArrayList<T> list(Class<T> type, List<T> list, int most) {
        checkSize(list.size(), most);
        ArrayList<T> copy = new ArrayList<>();
        for (Object element : list) {
            checkSize(copy.size() + 1, most);
            copy.add(present(type, element));
        }
        return copy;
    }

    /** {@return a copy of a map of texts} */
    static LinkedHashMap<String, String> texts(Map<String, String> map, int most) {
        checkSize(map.size(), most);
        LinkedHashMap<String, String> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            checkSize(copy.size() + 1, most);
            copy.put(present(String.class, entry.getKey()), present(String.class, entry.getValue()));
        }
        return copy;
    }

    private static <T> T present(Class<T> type, Object element) {
        if (!type.isInstance(element)) {
            throw new IllegalArgumentException("something else in place of a " + type.getSimpleName());
        }
        return type.cast(element);
    }

    /** Makes sure that there are no more of something than there can be. */
    static void checkSize(long size, long most) {
        if (size > most) {
            throw new IllegalArgumentException(size + " where there can be " + most);
        }
    }

    /** Makes sure that a text is a checksum. */
    static void checkSum(String text) {
        if (!SHA256.matcher(text).matches()) {
            throw new IllegalArgumentException("a checksum that is none");
        }
    }
}
