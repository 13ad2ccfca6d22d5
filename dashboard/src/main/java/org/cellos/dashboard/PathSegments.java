package org.cellos.dashboard;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Ids in addresses. */
final class PathSegments {
  private PathSegments() {}

  /** An id of somebody's own may have any characters. */
  static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
