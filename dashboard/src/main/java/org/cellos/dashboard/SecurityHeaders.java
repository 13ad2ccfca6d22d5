package org.cellos.dashboard;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** Tells browsers to run, show and send nothing but what comes from and goes to this dashboard. */
final class SecurityHeaders implements Filter {
  /** The style sheet of others has small pictures in itself: data. */
  static final String POLICY =
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  /** Those of every answer. */
  static Map<String, String> headers() {
    return Map.of(
        "Content-Security-Policy", POLICY,
        "X-Content-Type-Options", "nosniff",
        "Referrer-Policy", "same-origin",
        "Cross-Origin-Opener-Policy", "same-origin");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse http = (HttpServletResponse) response;
    headers().forEach(http::setHeader);
    if (((HttpServletRequest) request).getRequestURI().startsWith("/webjars/")) {
      // Their versions are in their addresses.
      http.setHeader("Cache-Control", "public, max-age=31536000, immutable");
    } else {
      http.setHeader("Cache-Control", "no-cache");
    }
    chain.doFilter(request, response);
  }
}
