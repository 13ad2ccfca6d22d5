package org.cellos.dashboard;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.GzipHandlerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cellos.engine.EngineChoice;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a dashboard, as {@code dashboard.yml} has them beside Dropwizard's own. Without
 * any it listens on 127.0.0.1:8080, its administration on 127.0.0.1:8081.
 */
public final class DashboardConfiguration extends Configuration {
  static final String LOOPBACK = "127.0.0.1";
  static final int USUAL_PORT = 8080;
  static final int USUAL_ADMIN_PORT = 8081;

  /** What is worth compressing; a stream of events would wait in the compressor. */
  private static final Set<String> COMPRESSED =
      Set.of(
          "text/html",
          "text/css",
          "text/csv",
          "text/javascript",
          "application/javascript",
          "application/json");

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY");

  @JsonProperty private String database = "data/executions.db";
  @JsonProperty private @Nullable String data;
  @JsonProperty private @Nullable String address;
  @JsonProperty private String engine = "auto";
  @JsonProperty private boolean publishedToLoopbackOnly;
  @JsonProperty private List<String> hosts = List.of();

  /** What is read from a file replaces these defaults. */
  public DashboardConfiguration() {
    setServerFactory(server(USUAL_PORT, USUAL_ADMIN_PORT));
  }

  /**
   * For a dashboard inside another program.
   *
   * @param port 0 for any that is free
   */
  static DashboardConfiguration at(Path database, Optional<Path> data, int port, int adminPort) {
    DashboardConfiguration configuration = new DashboardConfiguration();
    configuration.database = database.toString();
    configuration.data = data.map(Path::toString).orElse(null);
    configuration.setServerFactory(server(port, adminPort));
    return configuration;
  }

  private static DefaultServerFactory server(int port, int adminPort) {
    DefaultServerFactory server = new DefaultServerFactory();
    server.setApplicationConnectors(List.of(connector(port)));
    server.setAdminConnectors(List.of(connector(adminPort)));
    return server;
  }

  private static HttpConnectorFactory connector(int port) {
    HttpConnectorFactory connector = new HttpConnectorFactory();
    connector.setBindHost(LOOPBACK);
    connector.setPort(port);
    connector.setUseServerHeader(false);
    return connector;
  }

  /** The mirror's file; need not exist yet. */
  Path database() {
    return Path.of(database);
  }

  /** The folder with protocol facts of one's own. */
  Optional<Path> data() {
    return Optional.ofNullable(data).map(Path::of);
  }

  EngineChoice engine() {
    return new EngineChoice(
        EngineChoice.Kind.valueOf(engine.toUpperCase(java.util.Locale.ROOT).replace('-', '_')),
        Optional.ofNullable(address).filter(given -> !given.isBlank()),
        System.getenv());
  }

  /** Names by which browsers may ask for it, beside those of this machine's loopback. */
  Set<String> hosts() {
    return Set.copyOf(hosts);
  }

  /**
   * What a dashboard without users and encryption must not do: listen where others can reach it.
   *
   * @throws IllegalArgumentException saying which setting does so
   */
  void requireSafe() {
    if (!(getServerFactory() instanceof DefaultServerFactory server)) {
      throw new IllegalArgumentException(
          "server.type must be 'default': the administration needs a port of its own.");
    }
    Stream.of(server.getApplicationConnectors(), server.getAdminConnectors())
        .flatMap(List::stream)
        .forEach(this::requireSafe);
    // Errors are shown by this program, in one form, and never with a stack trace.
    server.setRegisterDefaultExceptionMappers(false);
    // What no address takes is refused where the methods that it takes are known.
    server.setAllowedMethods(METHODS);
    GzipHandlerFactory gzip = new GzipHandlerFactory();
    gzip.setCompressedMimeTypes(COMPRESSED);
    gzip.setExcludedMimeTypes(Set.of("text/event-stream"));
    server.setGzipFilterFactory(gzip);
    LogbackAccessRequestLogFactory requestLog = new LogbackAccessRequestLogFactory();
    requestLog.setAppenders(List.of());
    server.setRequestLogFactory(requestLog);
  }

  private void requireSafe(io.dropwizard.jetty.ConnectorFactory connector) {
    if (!(connector instanceof HttpConnectorFactory http)) {
      throw new IllegalArgumentException("The dashboard knows connectors of type http only.");
    }
    @Nullable String host = http.getBindHost();
    if (!publishedToLoopbackOnly && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "bindHost of port "
              + http.getPort()
              + " is "
              + (host == null ? "not set, which means every address" : "'" + host + "'")
              + ". The dashboard knows no users and no encryption, so it listens on 127.0.0.1 only."
              + " Inside a container whose port is published to the host's 127.0.0.1, set"
              + " publishedToLoopbackOnly: true.");
    }
  }

  private static boolean isLoopback(@Nullable String host) {
    try {
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
