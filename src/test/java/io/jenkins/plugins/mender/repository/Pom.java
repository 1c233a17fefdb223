package io.jenkins.plugins.mender.repository;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The plugin's POM. */
final class Pom {
    private final XPath paths = XPathFactory.newInstance().newXPath();
    private final Document document;

    Pom() throws IOException, ParserConfigurationException, SAXException {
        document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(Repository.path("pom.xml").toFile());
    }

    /** {@return the text at a path below the root, empty where there is none} */
    String text(String path) throws XPathExpressionException {
        String text = paths.evaluate("/project/" + path, document).strip();
        return text.replace("${gitHubRepo}", repository());
    }

    /** {@return the texts at a path below the root} */
    List<String> texts(String path) throws XPathExpressionException {
        NodeList nodes = (NodeList) paths.evaluate("/project/" + path, document, XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent().strip())
                .toList();
    }

    private String repository() throws XPathExpressionException {
        return paths.evaluate("/project/properties/gitHubRepo", document);
    }
}
