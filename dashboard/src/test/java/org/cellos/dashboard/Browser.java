package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real browser, and what people do and see in it. */
final class Browser implements AutoCloseable {
  /** A screen of a small laptop, and a tablet held upright. */
  static final Dimension DESKTOP = new Dimension(1024, 768);

  static final Dimension TABLET = new Dimension(768, 1024);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Skips the test where there is no browser; in CI, that fails it. */
  static Browser open(String... flags) {
    Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
    Optional<File> chromedriver = onPath("chromedriver");
    boolean isMissing = chromium.isEmpty() || chromedriver.isEmpty();
    if (isMissing && System.getenv("CI") != null) {
      Assertions.fail("There is no chromium or chromedriver on the PATH, and CI needs them.");
    }
    Assumptions.assumeFalse(isMissing, "no chromium and chromedriver on the PATH");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.orElseThrow());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    options.addArguments(flags);
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    Browser browser =
        new Browser(
            new ChromeDriver(
                new ChromeDriverService.Builder()
                    .usingDriverExecutable(chromedriver.orElseThrow())
                    .usingAnyFreePort()
                    .build(),
                options));
    browser.resize(DESKTOP);
    return browser;
  }

  /** As for people who have switched JavaScript off. */
  static Browser withoutJavaScript() {
    return open("--blink-settings=scriptEnabled=false");
  }

  private static Optional<File> onPath(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                    .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst();
  }

  Browser go(String url) {
    driver.get(url);
    return this;
  }

  void back() {
    driver.navigate().back();
  }

  String url() {
    return driver.getCurrentUrl();
  }

  String text() {
    return driver.findElement(By.tagName("body")).getText();
  }

  String source() {
    return driver.getPageSource();
  }

  ChromeDriver driver() {
    return driver;
  }

  void resize(Dimension size) {
    driver.manage().window().setSize(size);
  }

  WebElement find(String css) {
    return await("an element " + css, ignored -> driver.findElement(By.cssSelector(css)));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** Clicks as soon as it can be clicked; what is swapped meanwhile is found again. */
  void click(String css) {
    await(
        "to click " + css,
        ignored -> {
          WebElement element = driver.findElement(By.cssSelector(css));
          driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
          element.click();
          return true;
        });
  }

  void type(String css, String text) {
    WebElement element = find(css);
    element.clear();
    element.sendKeys(text);
  }

  void choose(String css, String value) {
    await(
        "to choose " + value,
        ignored -> {
          new org.openqa.selenium.support.ui.Select(driver.findElement(By.cssSelector(css)))
              .selectByValue(value);
          return true;
        });
  }

  void awaitText(String text) {
    await("the text '" + text + "' in:\n" + text(), ignored -> text().contains(text));
  }

  <T> T await(String what, Function<ChromeDriver, T> condition) {
    WebDriverWait wait = new WebDriverWait(driver, PATIENCE);
    wait.withMessage(() -> "waited for " + what + " at " + driver.getCurrentUrl());
    wait.ignoring(
        StaleElementReferenceException.class, org.openqa.selenium.WebDriverException.class);
    wait.pollingEvery(Duration.ofMillis(50));
    return wait.until(ignored -> condition.apply(driver));
  }

  /** That a machine finds nothing serious for people who see, hear or move otherwise. */
  void requireAccessible() {
    Results results = new AxeBuilder().analyze(driver);
    List<String> serious =
        results.getViolations().stream()
            .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
            .map(Browser::describe)
            .toList();
    assertThat(serious).as("axe at %s", driver.getCurrentUrl()).isEmpty();
    assertThat(results.getPasses()).as("axe has looked at something").isNotEmpty();
  }

  private static String describe(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getHelp()
        + " "
        + rule.getNodes().stream().map(node -> node.getHtml()).limit(3).toList();
  }

  /** That nothing sticks out to the right, so that nobody has to scroll sideways. */
  void requireFits() {
    long overhang =
        (Long)
            driver.executeScript(
                "return document.documentElement.scrollWidth"
                    + " - document.documentElement.clientWidth");
    assertThat(overhang).as("pixels too wide at %s", driver.getCurrentUrl()).isZero();
  }

  /** What the browser complained about: refused scripts and styles, failed requests, errors. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  void screenshot(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
