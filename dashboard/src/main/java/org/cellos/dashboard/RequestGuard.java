package org.cellos.dashboard;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what another web site makes a browser ask for: pages that name this machine by a name of
 * their own, and changes that were not asked for from a page of the dashboard.
 */
@PreMatching
final class RequestGuard implements ContainerRequestFilter {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private static final long MOST_BYTES = 2L * 1024 * 1024;

  private final Set<String> hosts;

  /**
   * @param hosts by which it may be asked for, beside those of the loopback
   */
  RequestGuard(Set<String> hosts) {
    this.hosts = hosts;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    @Nullable String host = request.getHeaderString("Host");
    if (host != null && !isKnown(withoutPort(host))) {
      throw new RequestException(
          Problem.of(
              403,
              "forbidden",
              "The dashboard is not asked for by the name '"
                  + withoutPort(host)
                  + "'. Use 127.0.0.1, or add the name to 'hosts' in dashboard.yml."));
    }
    if (!SAFE_METHODS.contains(request.getMethod()) && isFromElsewhere(request, host)) {
      throw new RequestException(
          Problem.of(
              403, "forbidden", "This was asked for by another web site, so nothing was done."));
    }
    if (!SAFE_METHODS.contains(request.getMethod())) {
      request.setEntityStream(new BoundedBody(request.getEntityStream()));
    }
  }

  /** More than any protocol; a file that never ends must not fill the memory. */
  private static final class BoundedBody extends FilterInputStream {
    private long left = MOST_BYTES;

    BoundedBody(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int read) {
      left -= read;
      if (left < 0) {
        throw new RequestException(
            Problem.of(413, "too_large", "A request is at most 2 MiB large. Nothing was done."));
      }
    }
  }

  private boolean isKnown(String host) {
    return LOOPBACK.contains(host) || hosts.contains(host);
  }

  /** Programs send neither header; browsers cannot leave them out of what changes something. */
  private static boolean isFromElsewhere(ContainerRequestContext request, @Nullable String host) {
    @Nullable String site = request.getHeaderString("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      return true;
    }
    @Nullable String origin = request.getHeaderString("Origin");
    if (origin == null) {
      return false;
    }
    try {
      return host == null || !host.equalsIgnoreCase(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static String withoutPort(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
  }
}
