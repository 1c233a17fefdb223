package io.jenkins.plugins.mender.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** A document of this repository, taken apart. */
public final class MarkdownPage {
    private static final Pattern IMAGE = Pattern.compile("<img alt=\"([^\"]*)\" src=\"([^\"]*)\">");

    private final Path file;
    private final List<Example> examples = new ArrayList<>();
    private final List<Picture> pictures = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> codes = new ArrayList<>();
    private final Set<String> anchors = new HashSet<>();

    /**
     * A fenced block.
     *
     * @param heading the heading that it stands below
     * @param language what its fence says, possibly empty
     * @param text what it holds
     */
    public record Example(String heading, String language, String text) {}

    /**
     * A picture.
     *
     * @param target where it lies
     * @param description what is read out to those who do not see it
     */
    record Picture(String target, String description) {}

    private MarkdownPage(Path file) {
        this.file = file;
    }

    /** Reads a document. */
    public static MarkdownPage of(String name) throws IOException {
        MarkdownPage page = new MarkdownPage(Repository.path(name));
        Parser.builder().build().parse(Repository.read(name)).accept(page.new Reader());
        return page;
    }

    /** {@return the fenced blocks, in their order} */
    public List<Example> examples() {
        return List.copyOf(examples);
    }

    List<Picture> pictures() {
        return pictures;
    }

    List<String> links() {
        return links;
    }

    /** {@return what is set as code within sentences} */
    List<String> codes() {
        return codes;
    }

    /** {@return the anchors of the headings, as GitHub makes them} */
    Set<String> anchors() {
        return anchors;
    }

    /** {@return the file that a relative link leads to} */
    Path target(String link) {
        int anchor = link.indexOf('#');
        String name = anchor < 0 ? link : link.substring(0, anchor);
        return name.isEmpty() ? file : file.resolveSibling(name).normalize();
    }

    private final class Reader extends AbstractVisitor {
        private final IdGenerator ids = IdGenerator.builder().build();
        private String heading = "";

        @Override
        public void visit(Heading node) {
            heading = text(node);
            anchors.add(ids.generateId(heading));
            visitChildren(node);
        }

        @Override
        public void visit(FencedCodeBlock node) {
            examples.add(new Example(heading, node.getInfo(), node.getLiteral()));
        }

        @Override
        public void visit(Image node) {
            pictures.add(new Picture(node.getDestination(), text(node)));
        }

        /** Pictures with a dark variant are HTML. */
        @Override
        public void visit(HtmlBlock node) {
            Repository.found(node.getLiteral(), "srcset=\"([^\"]*)\"").forEach(links::add);
            Matcher image = IMAGE.matcher(node.getLiteral());
            while (image.find()) {
                pictures.add(new Picture(image.group(2), image.group(1)));
            }
        }

        @Override
        public void visit(Link node) {
            links.add(node.getDestination());
            visitChildren(node);
        }

        @Override
        public void visit(Code node) {
            codes.add(node.getLiteral());
        }
    }

    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }
        });
        return text.toString();
    }
}
