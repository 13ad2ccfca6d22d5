package org.cellos.dashboard;

import java.util.List;

/**
 * What is around every page.
 *
 * @param tab which of the tabs it belongs to; empty for none
 * @param title of the page
 * @param banners what people must not miss
 * @param assets where the style sheets and scripts are
 */
public record Frame(String tab, String title, List<Banner> banners, WebAssets assets) {

  /**
   * @param kind {@code decision}, {@code warning} or {@code error}
   * @param text a sentence or two
   * @param link where to do something about it; empty for nowhere
   * @param linkText what the link says
   */
  public record Banner(String kind, String text, String link, String linkText) {
    static Banner error(String text) {
      return new Banner("error", text, "", "");
    }

    static Banner warning(String text) {
      return new Banner("warning", text, "", "");
    }
  }
}
