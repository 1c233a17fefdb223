package io.jenkins.plugins.mender.artifact;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The bytes of tar headers, for what no library writes. */
final class RawTar {
    static final int RECORD = 512;
    private static final int SIZE = 124;
    private static final int SUM = 148;
    private static final int TYPE = 156;

    private RawTar() {}

    /** {@return where the headers of a tar's entries begin, as far as its sizes lead} */
    static List<Integer> headers(byte[] tar) {
        List<Integer> headers = new ArrayList<>();
        int at = 0;
        while (at >= 0 && at + RECORD <= tar.length && tar[at] != 0) {
            headers.add(at);
            String size = new String(tar, at + SIZE, 11, StandardCharsets.US_ASCII);
            at += size.matches("[0-7]{11}") && size.startsWith("00")
                    ? RECORD + (Integer.parseInt(size, 8) + RECORD - 1) / RECORD * RECORD
                    : RECORD;
        }
        return headers;
    }

    /** Changes the size that a header gives, as octal digits. */
    static byte[] size(byte[] tar, int header, String octal) {
        return field(tar, header, SIZE, 12, octal.getBytes(StandardCharsets.US_ASCII));
    }

    /** Changes the size that a header gives, in base 256 as GNU tar writes large ones. */
    static byte[] binarySize(byte[] tar, int header, long size) {
        byte[] field = new byte[12];
        field[0] = (byte) (size < 0 ? 0xff : 0x80);
        for (int i = 1; i < field.length; i++) {
            int shift = 8 * (field.length - 1 - i);
            field[i] = (byte) (shift > 56 ? (size < 0 ? 0xff : 0) : size >> shift);
        }
        return field(tar, header, SIZE, 12, field);
    }

    /** Changes what kind of entry a header says it is. */
    static byte[] type(byte[] tar, int header, char type) {
        return field(tar, header, TYPE, 1, new byte[] {(byte) type});
    }

    private static byte[] field(byte[] tar, int header, int offset, int length, byte[] value) {
        byte[] changed = tar.clone();
        for (int i = 0; i < length; i++) {
            changed[header + offset + i] = i < value.length ? value[i] : 0;
        }
        sum(changed, header);
        return changed;
    }

    /** Makes a header's checksum right. */
    static void sum(byte[] tar, int header) {
        int sum = 0;
        for (int i = 0; i < RECORD; i++) {
            sum += i >= SUM && i < SUM + 8 ? ' ' : tar[header + i] & 0xff;
        }
        byte[] digits = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, tar, header + SUM, digits.length);
    }
}
