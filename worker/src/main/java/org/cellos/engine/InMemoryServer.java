package org.cellos.engine;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The in-memory server of temporal-testing, at real time, on a free port of the loopback address.
 *
 * <p>{@code TestServer.createPortBoundServer} would listen on every address of the machine, without
 * authentication; so the same parts are put together here.
 */
final class InMemoryServer implements AutoCloseable {
  private static final boolean REAL_TIME = true;
  private static final long NOW = 0;
  static final String LOOPBACK = "127.0.0.1";

  private final TestServicesStarter services;
  private final Server server;

  private InMemoryServer(TestServicesStarter services, Server server) {
    this.services = services;
    this.server = server;
  }

  static InMemoryServer start() throws IOException {
    TestServicesStarter services = new TestServicesStarter(REAL_TIME, NOW);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(loopback(), 0), InsecureServerCredentials.create());
    GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
    return new InMemoryServer(services, builder.build().start());
  }

  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  String address() {
    return LOOPBACK + ":" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    services.close();
  }
}
