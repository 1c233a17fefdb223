package io.jenkins.plugins.mender.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** A picture of a part of the page. */
final class Picture {
    private static final int MARGIN = 16;
    /** Above and below elements, and above and below lines of text, whose neighbours are near. */
    private static final int ELEMENT_MARGIN = 6;

    private static final int LINE_MARGIN = 2;
    /** Left, top, right and bottom of all of these elements together, in CSS pixels. */
    private static final String OF_ELEMENTS = """
            const boxes = arguments[0].map(element => element.getBoundingClientRect());
            return [
                Math.min(...boxes.map(box => box.left)) + scrollX, Math.min(...boxes.map(box => box.top)) + scrollY,
                Math.max(...boxes.map(box => box.right)) + scrollX, Math.max(...boxes.map(box => box.bottom)) + scrollY];
            """;
    /** The same of an element's text, from some words on. */
    private static final String OF_TEXT = """
            const texts = document.createTreeWalker(arguments[0], NodeFilter.SHOW_TEXT);
            while (texts.nextNode() && !texts.currentNode.data.includes(arguments[1]));
            const range = document.createRange();
            range.setStart(texts.currentNode, texts.currentNode.data.indexOf(arguments[1]));
            range.setEndAfter(arguments[0].lastChild);
            const box = range.getBoundingClientRect();
            return [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
            """;

    /** Nothing is being checked and nothing moves, but for what moves for ever. */
    private static final String SETTLED = """
            const checks = window.FormChecker;
            return (!checks || checks.inProgress === 0 && checks.queue.length === 0)
                && document.getAnimations().every(each => each.effect.getComputedTiming().endTime === Infinity);
            """;

    private static final By PENDING = By.className("select-ajax-pending");

    private final Chromium chromium;
    private final Map<String, Object> clip;

    private Picture(Chromium chromium, Map<String, Object> clip) {
        this.chromium = chromium;
        this.clip = clip;
    }

    /** Waits until the page has filled its lists, checked its fields, and faded in or out what came of that. */
    private static void settle(Chromium chromium) {
        chromium.await(browser -> browser.findElements(PENDING).isEmpty() && (Boolean) chromium.script(SETTLED));
    }

    /** {@return a picture of all that these elements span} */
    static Picture of(Chromium chromium, By... parts) {
        settle(chromium);
        List<WebElement> elements = Arrays.stream(parts).map(chromium::find).toList();
        return within(chromium, chromium.script(OF_ELEMENTS, elements), ELEMENT_MARGIN);
    }

    /** {@return a picture of an element's text from these words on} */
    static Picture ofText(Chromium chromium, By element, String from) {
        return within(chromium, chromium.script(OF_TEXT, chromium.find(element), from), LINE_MARGIN);
    }

    private static Picture within(Chromium chromium, Object bounds, int margin) {
        double[] edges = ((List<?>) bounds)
                .stream().mapToDouble(edge -> ((Number) edge).doubleValue()).toArray();
        double left = Math.max(0, edges[0] - MARGIN);
        double top = Math.max(0, edges[1] - margin);
        double width = edges[2] + MARGIN - left;
        double height = edges[3] + margin - top;
        return new Picture(chromium, Map.of("x", left, "y", top, "width", width, "height", height, "scale", 1));
    }

    void write(Path file) throws IOException {
        Object png = chromium.command("Page.captureScreenshot", Map.of("clip", clip, "captureBeyondViewport", true))
                .get("data");
        Files.write(file, Base64.getDecoder().decode((String) png));
    }
}
