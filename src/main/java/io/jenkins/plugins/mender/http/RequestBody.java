package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What a request carries besides its headers. */
public sealed interface RequestBody extends Serializable {

    /** No content. A POST says {@code Content-Length: 0}. */
    record None() implements RequestBody {
        private static final long serialVersionUID = 1;
    }

    /**
     * A JSON document.
     *
     * @param text the document, never null
     */
    record Json(String text) implements RequestBody {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            return "JSON";
        }
    }

    /**
     * A {@code multipart/form-data} body: text fields in their order, then a file that lies where the exchange is made.
     * Mender Server ignores every part that follows the file.
     *
     * @param fields the text fields that come before the file, never null
     * @param partName name of the file's part, never null
     * @param fileName name that the part announces; ASCII letters, digits, dots, hyphens and underscores
     * @param path absolute path of the file on the machine that makes the exchange, never null
     * @param size the file's size in bytes; an exchange fails when the file turns out to be shorter or longer
     */
    record FileUpload(List<Field> fields, String partName, String fileName, String path, long size)
            implements RequestBody {
        private static final long serialVersionUID = 1;

        public FileUpload {
            fields = new ArrayList<>(fields);
        }
    }

    /**
     * A text field of a {@link FileUpload}.
     *
     * @param name the part's name, never null
     * @param value its text, sent as UTF-8, never null
     */
    record Field(String name, String value) implements Serializable {
        private static final long serialVersionUID = 1;
    }
}
