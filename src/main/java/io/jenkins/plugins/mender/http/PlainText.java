package io.jenkins.plugins.mender.http;

/** Text of a server or of a file, made fit for one line of a log. */
public final class PlainText {
    private static final String MORE = "…";

    private PlainText() {}

    /**
     * Puts foreign text on one line: white space becomes single blanks, and control characters, escape sequences'
     * openers and marks that reverse the writing direction become {@code ?}.
     *
     * @param text any text, never null
     * @param limit the most characters to keep
     * @return the text on one line; it ends in an ellipsis when it was longer
     */
    public static String oneLine(String text, int limit) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), limit));
        boolean blank = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c)) {
                blank = !line.isEmpty();
                continue;
            }
            if (line.length() >= limit) {
                return line.append(MORE).toString();
            }
            if (blank) {
                line.append(' ');
                blank = false;
            }
            line.appendCodePoint(isUnprintable(c) ? '?' : c);
        }
        return line.toString();
    }

    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
