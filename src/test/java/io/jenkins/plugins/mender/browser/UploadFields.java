package io.jenkins.plugins.mender.browser;

import java.util.Set;
import java.util.TreeSet;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/** The form of an upload on a page, and which of its fields somebody filled in. */
final class UploadFields {
    private final Chromium chromium;
    private final Set<String> filled = new TreeSet<>();

    UploadFields(Chromium chromium) {
        this.chromium = chromium;
        chromium.find(field("artifact"));
    }

    void type(String field, String text) {
        filled.add(field);
        chromium.type(field(field), text);
    }

    /** Chooses what is called so, once it can be chosen. */
    void choose(String field, String text) {
        filled.add(field);
        Select select = new Select(chromium.find(select(field)));
        chromium.await(browser ->
                select.getOptions().stream().anyMatch(option -> option.getText().equals(text)));
        select.selectByVisibleText(text);
    }

    /** {@return the names of the fields that were filled in} */
    Set<String> filled() {
        return filled;
    }

    static By field(String name) {
        return By.cssSelector("input[name='_." + name + "']:not([type='radio'])");
    }

    static By select(String name) {
        return By.cssSelector("select[name='_." + name + "']");
    }
}
