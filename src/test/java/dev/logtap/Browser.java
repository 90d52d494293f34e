package dev.logtap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window. */
final class Browser implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          // As root it has no sandbox; of a container's /dev/shm there is little.
          "--no-sandbox",
          "--disable-dev-shm-usage",
          "--disable-gpu",
          "--enable-precise-memory-info",
          "--js-flags=--expose-gc",
          "--lang=en");

  /** Kept, for loggers are forgotten with what was set. It warns that it does not know the newest Chromium's own protocol. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final Path downloads;
  private final ChromeDriver driver;

  private Browser(Path downloads, ChromeDriver driver) {
    this.downloads = downloads;
    this.driver = driver;
  }

  /** Starts one that leaves what is downloaded in that directory. */
  static Browser start(Path downloads) {
    Tool.require("chromium", "what the viewer shows is not tested");
    Tool.require("chromedriver", "what the viewer shows is not tested");
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Tool.find("chromium").orElseThrow().toFile());
    options.addArguments(FLAGS);
    options.setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(Tool.find("chromedriver").orElseThrow().toFile()).usingAnyFreePort().build();
    return new Browser(downloads, new ChromeDriver(service, options));
  }

  /** Goes to an address, as if it had been typed: also where only its fragment is another one. */
  Browser open(String address) {
    driver.get("about:blank");
    driver.get(address);
    return this;
  }

  Browser reload() {
    driver.navigate().refresh();
    return this;
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** Also narrower than a window may be. */
  Browser size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    return this;
  }

  /** Has pages seen as somebody does who prefers {@code dark} or {@code light}. */
  Browser prefer(String scheme) {
    Map<String, Object> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    return this;
  }

  WebElement find(By what) {
    return driver.findElement(what);
  }

  /** Presses keys where the focus is. */
  void type(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** Runs a function's body in the page; what it returns. */
  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** The same of an expression that is a promise. */
  Object await(String promise) {
    return driver.executeAsyncScript("const done = arguments[arguments.length - 1]; Promise.resolve(" + promise + ").then(done);");
  }

  String text(String selector) {
    return (String) run("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
  }

  /** Whether an expression holds; not where it asks something of an element that is not there. */
  boolean isTrue(String expression) {
    return (Boolean) run("try { return Boolean(" + expression + "); } catch { return false; }");
  }

  /** Waits until an expression holds in the page. */
  Browser until(String expression) {
    Await.until(() -> isTrue(expression), () -> expression + "\n" + this);
    return this;
  }

  /** What the console has said since it was asked last. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /** The one file that was downloaded, which is taken away. */
  String takeDownload(String extension) {
    Path[] found = new Path[1];
    Await.until(
        () -> {
          found[0] = downloaded(extension).orElse(null);
          return found[0] != null;
        },
        this::toString);
    try {
      String text = Files.readString(found[0]);
      Files.delete(found[0]);
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Chromium gives a file its name when all of it is there. */
  private Optional<Path> downloaded(String extension) {
    try (var files = Files.list(downloads)) {
      return files.filter(file -> file.toString().endsWith(extension)).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void screenshot(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }

  @Override
  public String toString() {
    return address() + "\n" + run("return document.body.innerText");
  }
}
