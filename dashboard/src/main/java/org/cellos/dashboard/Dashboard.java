package org.cellos.dashboard;

import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.Serial;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Optional;
import org.cellos.worker.ExecutionDesk;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;

/** A dashboard inside another program, until it is closed. */
public final class Dashboard implements AutoCloseable {
  /** Where it listens unless somebody says otherwise. */
  public static final int USUAL_PORT = DashboardConfiguration.USUAL_PORT;

  private final Server server;

  /** Something else listens there. */
  public static final class PortTakenException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1L;

    PortTakenException(int port, Throwable cause) {
      super("Port " + port + " of 127.0.0.1 is taken. Give another with --port.", cause);
    }
  }

  private Dashboard(Server server) {
    this.server = server;
  }

  /**
   * @param desk where executions are started and steered; closed with the dashboard
   * @param database the mirror's file; need not exist yet
   * @param data a folder with protocol facts of one's own
   * @param port on 127.0.0.1; 0 for any that is free
   * @throws PortTakenException if the port is taken
   */
  public static Dashboard start(ExecutionDesk desk, Path database, Optional<Path> data, int port) {
    DashboardConfiguration configuration = DashboardConfiguration.at(database, data, port, 0);
    DashboardApplication application = new DashboardApplication(ignored -> desk, server -> {});
    Bootstrap<DashboardConfiguration> bootstrap = new Bootstrap<>(application);
    application.initialize(bootstrap);
    Environment environment =
        new Environment(
            application.getName(),
            bootstrap.getObjectMapper(),
            bootstrap.getValidatorFactory(),
            bootstrap.getMetricRegistry(),
            bootstrap.getClassLoader(),
            bootstrap.getHealthCheckRegistry(),
            configuration);
    try {
      bootstrap.run(configuration, environment);
      application.run(configuration, environment);
      Server server = configuration.getServerFactory().build(environment);
      server.start();
      return new Dashboard(server);
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException) {
          throw new PortTakenException(port, e);
        }
      }
      throw e instanceof RuntimeException known
          ? known
          : new IllegalStateException("The dashboard could not be started", e);
    }
  }

  /** Its address: {@code http://127.0.0.1:8080}. */
  public String url() {
    return url(server);
  }

  static String url(Server server) {
    for (var connector : server.getConnectors()) {
      if (connector instanceof NetworkConnector network
          && "application".equals(connector.getName())) {
        return "http://" + DashboardConfiguration.LOOPBACK + ":" + network.getLocalPort();
      }
    }
    throw new IllegalStateException("the dashboard has no connector for its pages");
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The dashboard could not be stopped", e);
    }
  }
}
