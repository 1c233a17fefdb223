package io.jenkins.plugins.mender.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import org.apache.commons.io.FileUtils;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The installed Chromium without a window, with an empty profile. Whatever is looked for may take a minute to appear. */
final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 1000;

    private final Path profile;
    private final ChromeDriver driver;
    private final List<String> errors = new ArrayList<>();

    private Chromium(Path profile) {
        this.profile = profile;
        ChromeOptions options = new ChromeOptions();
        options.setBinary(InstalledProgram.chromium());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // there is none for root, as whom containers run
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--lang=en-US",
                "--window-size=" + WIDTH + ',' + HEIGHT,
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        this.driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(InstalledProgram.chromeDriver())
                        .build(),
                options);
    }

    /** Starts one. */
    static Chromium start() throws IOException {
        Path profile = Files.createTempDirectory("chromium");
        try {
            return new Chromium(profile);
        } catch (RuntimeException e) {
            FileUtils.deleteQuietly(profile.toFile());
            throw e;
        }
    }

    WebDriver driver() {
        return driver;
    }

    void open(String url) {
        driver.get(url);
    }

    String url() {
        return driver.getCurrentUrl();
    }

    /** {@return the first of these elements that can be seen} */
    WebElement find(By what) {
        return await(browser -> browser.findElements(what).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElse(null));
    }

    /** Clicks an element, in the middle of the window, where no bar of buttons is before it. */
    void click(By what) {
        WebElement element = find(what);
        script("arguments[0].scrollIntoView({block: 'center'})", element);
        await(ExpectedConditions.elementToBeClickable(element)).click();
    }

    /** Replaces the text of a field, and leaves it. */
    void type(By field, String text) {
        click(field);
        WebElement element = find(field);
        element.clear();
        element.sendKeys(text);
        script("arguments[0].blur()", element);
    }

    /** Inserts text where the cursor is, at once, as from the clipboard. */
    void paste(String text) {
        command("Input.insertText", Map.of("text", text));
    }

    /** {@return the text that can be seen in an element} */
    String text(By what) {
        return find(what).getText();
    }

    /** Goes to the window that a link opened. */
    void toNewWindow() {
        String known = driver.getWindowHandle();
        Set<String> windows =
                await(browser -> browser.getWindowHandles().size() > 1 ? browser.getWindowHandles() : null);
        windows.stream().filter(window -> !window.equals(known)).forEach(driver.switchTo()::window);
    }

    /** Closes this window and goes back to the first one. */
    void closeWindow() {
        driver.close();
        driver.switchTo().window(driver.getWindowHandles().iterator().next());
    }

    /** Waits until a condition gives something other than null and false, and returns that. */
    <T> T await(Function<? super WebDriver, T> condition) {
        return new WebDriverWait(driver, PATIENCE)
                .ignoring(StaleElementReferenceException.class) // Jenkins replaces parts of its pages as they load
                .until(condition);
    }

    /** Runs JavaScript in the page, outside of its content security policy. */
    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Sends a command of the DevTools protocol. */
    Map<String, Object> command(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    /** Gives the window another size in CSS pixels, each of which has so many pixels in both directions. */
    void resize(int width, int height, double pixels) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", pixels, "mobile", false));
    }

    /** Keeps what the window shows now, as a PNG. */
    void keepPicture(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    /** {@return the errors in the consoles of all pages so far; each violation of a content security policy is one} */
    List<String> errors() {
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                errors.add(entry.getMessage());
            }
        }
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        driver.quit();
        FileUtils.deleteQuietly(profile.toFile());
    }
}
