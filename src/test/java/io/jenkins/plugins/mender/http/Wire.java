package io.jenkins.plugins.mender.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** What becomes of objects on their way between controller and agent, and what a forger makes of them there. */
public final class Wire {
    private Wire() {}

    /** {@return the object as it arrives} */
    @SuppressWarnings("unchecked")
    public static <T extends Serializable> T copy(T object) throws IOException, ClassNotFoundException {
        return (T) read(bytes(object));
    }

    /** {@return what is read} */
    public static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    /** {@return an object as it travels} */
    public static byte[] bytes(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    /**
     * Passes an object off as one of another class, past the constructor of that class.
     *
     * @param object an object with the components of the other class
     * @param names pairs of classes: what a class is in truth, and what it is passed off as
     * @return what an agent sends that has such a class in place of the plugin's
     */
    public static byte[] forged(Serializable object, Class<?>... names) throws IOException {
        String stream = new String(bytes(object), StandardCharsets.ISO_8859_1);
        for (int i = 0; i < names.length; i += 2) {
            stream = stream.replace(name(names[i]), name(names[i + 1]));
            stream = stream.replace(field(names[i]), field(names[i + 1]));
        }
        return stream.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String name(Class<?> type) {
        return withLength(type.getName());
    }

    private static String field(Class<?> type) {
        return withLength('L' + type.getName().replace('.', '/') + ';');
    }

    private static String withLength(String text) {
        return "" + (char) (text.length() >> 8) + (char) (text.length() & 0xff) + text;
    }
}
