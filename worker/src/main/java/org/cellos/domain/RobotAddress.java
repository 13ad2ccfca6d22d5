package org.cellos.domain;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a robot is: an HTTP address that leads to an instrument in a laboratory, and never to what
 * a cloud or this machine keeps for itself.
 *
 * @param uri scheme, host and port, nothing more
 * @param mayBeHere whether it may be this machine itself, as for a fake robot
 */
public record RobotAddress(URI uri, boolean mayBeHere) {
  private static final int USUAL_PORT = 31950;

  /**
   * @throws IllegalArgumentException in one sentence, if it cannot be the address of a robot
   */
  public static RobotAddress of(String text, boolean mayBeHere) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(malformed(text), e);
    }
    boolean isPlain =
        uri.getHost() != null
            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
            && uri.getUserInfo() == null
            && uri.getQuery() == null
            && uri.getFragment() == null
            && (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"));
    if (!isPlain) {
      throw new IllegalArgumentException(malformed(text));
    }
    int port = uri.getPort() == -1 ? USUAL_PORT : uri.getPort();
    URI whole = URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port);
    RobotAddress address = new RobotAddress(whole, mayBeHere);
    if (uri.getHost().toLowerCase(Locale.ROOT).startsWith("metadata")) {
      throw new IllegalArgumentException("'" + text + "' is no robot: clouds keep secrets there");
    }
    if (isLiteral(uri.getHost())) {
      address.forbidden().ifPresent(RobotAddress::refuse);
    }
    return address;
  }

  /**
   * Why nothing may be sent there, as the name leads now; empty if it may. A name can be made to
   * lead elsewhere at any time, so this is asked before each use.
   */
  public Optional<String> forbidden() {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(uri.getHost());
    } catch (UnknownHostException e) {
      return Optional.of("the name " + uri.getHost() + " leads nowhere");
    }
    for (InetAddress address : all) {
      String shown = uri.getHost() + " is " + address.getHostAddress();
      if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
        return Optional.of(shown + ", where no robot is: clouds keep secrets there");
      }
      if (address.isAnyLocalAddress() || (address.isLoopbackAddress() && !mayBeHere)) {
        return Optional.of(
            shown
                + ", which is this machine: give the robot's own address, or for a fake one write"
                + " 'development: true' into robots.yaml");
      }
    }
    return Optional.empty();
  }

  private static void refuse(String why) {
    throw new IllegalArgumentException(why);
  }

  private static boolean isLiteral(String host) {
    return host.startsWith("[") || host.matches("[0-9.]+") || host.equals("localhost");
  }

  private static String malformed(String text) {
    return "'" + text + "' is no address of a robot: write http://HOST or http://HOST:31950";
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
