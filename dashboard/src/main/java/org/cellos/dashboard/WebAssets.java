package org.cellos.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The addresses of the scripts and style sheets of others, with their versions: they may be kept by
 * browsers for ever.
 */
public record WebAssets(String pico, String htmx, String chart) {

  static WebAssets load() {
    Properties versions = new Properties();
    try (InputStream stream = WebAssets.class.getResourceAsStream("webjars.properties")) {
      versions.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new WebAssets(
        "/webjars/picocss__pico/" + versions.getProperty("pico") + "/css/pico.min.css",
        "/webjars/htmx.org/" + versions.getProperty("htmx") + "/dist/htmx.min.js",
        "/webjars/chart.js/" + versions.getProperty("chart.js") + "/dist/chart.umd.min.js");
  }
}
