package org.cellos.dashboard;

import ch.qos.logback.classic.Level;
import freemarker.template.Configuration;
import io.dropwizard.assets.AssetsBundle;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.lifecycle.ServerLifecycleListener;
import io.dropwizard.logging.common.BootstrapLogging;
import io.dropwizard.views.common.ViewBundle;
import io.dropwizard.views.freemarker.FreemarkerViewRenderer;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.worker.ExecutionDesk;
import org.eclipse.jetty.util.component.LifeCycle;

/** Puts the dashboard together. Entry point of {@code cellos-dashboard.jar}. */
public final class DashboardApplication extends Application<DashboardConfiguration> {
  /** A template that fails is a defect of ours, and nothing that people should read. */
  private static final Map<String, String> TEMPLATES =
      Map.of(
          "template_exception_handler", "rethrow",
          "log_template_exceptions", "false",
          "url_escaping_charset", "UTF-8");

  private final Function<DashboardConfiguration, ExecutionDesk> desks;
  private final ServerLifecycleListener listener;

  /**
   * @param desks where executions are started and steered
   * @param listener hears when it listens
   */
  DashboardApplication(
      Function<DashboardConfiguration, ExecutionDesk> desks, ServerLifecycleListener listener) {
    this.desks = desks;
    this.listener = listener;
  }

  public static void main(String[] args) throws Exception {
    // Until the settings say what is logged.
    BootstrapLogging.bootstrap(Level.WARN);
    new DashboardApplication(
            configuration ->
                ExecutionDesk.visiting(configuration.database(), configuration.engine()),
            server -> System.err.println("Dashboard: " + Dashboard.url(server) + "."))
        .run(args);
  }

  @Override
  public String getName() {
    return "cellos dashboard";
  }

  @Override
  protected void bootstrapLogging() {
    // The program around it has a log of its own.
  }

  @Override
  public void initialize(Bootstrap<DashboardConfiguration> bootstrap) {
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(false)));
    bootstrap.addBundle(
        new ViewBundle<DashboardConfiguration>(
            List.of(new FreemarkerViewRenderer(Configuration.VERSION_2_3_34))) {
          @Override
          public Map<String, Map<String, String>> getViewConfiguration(
              DashboardConfiguration configuration) {
            return Map.of("freemarker", TEMPLATES);
          }
        });
    bootstrap.addBundle(
        new AssetsBundle("/META-INF/resources/webjars", "/webjars", null, "webjars"));
    bootstrap.addBundle(
        new AssetsBundle("/org/cellos/dashboard/assets", "/assets", null, "assets"));
  }

  @Override
  public void run(DashboardConfiguration configuration, Environment environment) {
    configuration.requireSafe();
    MirrorReader mirror = new MirrorReader(configuration.database());
    ExecutionDesk desk = desks.apply(configuration);
    EngineWatch engine = new EngineWatch(desk);
    ChangeWatch changes = new ChangeWatch(mirror);
    EventsResource events = new EventsResource(changes);
    Frames frames = new Frames(mirror, engine);
    ProtocolData data = ProtocolData.load(configuration.data());
    Combinations combinations = new Combinations(data);
    ExecutionActions actions = new ExecutionActions(mirror, desk, new ProtocolResolver(data));

    environment.lifecycle().manage(closing(mirror::close));
    environment.lifecycle().manage(closing(desk::close));
    environment.lifecycle().manage(engine);
    environment.lifecycle().manage(changes);
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server -> {
              server.setErrorHandler(new ServerErrors());
              server.addEventListener(
                  new LifeCycle.Listener() {
                    @Override
                    public void lifeCycleStopping(LifeCycle stopping) {
                      events.closeAll();
                    }
                  });
            });
    environment.lifecycle().addServerLifecycleListener(listener);

    environment.healthChecks().register("history", new HistoryCheck(mirror));
    environment.healthChecks().register("temporal", new EngineCheck(engine));

    environment
        .servlets()
        .addFilter("security-headers", new SecurityHeaders())
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    environment.jersey().register(new RequestGuard(configuration.hosts()));
    environment.jersey().register(new ProblemMapper(frames));
    List.of(
            events,
            new BannersResource(frames),
            new ExecutePage(mirror, frames, actions, combinations),
            new ActivePage(mirror, frames),
            new EquipmentPage(mirror, frames),
            new HistoryPage(mirror, frames, data),
            new HistoryExport(mirror),
            new ExecutionPage(mirror, frames, actions),
            new InspectorPage(frames, actions, combinations),
            new ExecutionsApi(mirror, actions),
            new FactsApi(actions, combinations, mirror, engine),
            new OpenApiResource(frames))
        .forEach(resource -> environment.jersey().register(resource));
  }

  private static Managed closing(Runnable close) {
    return new Managed() {
      @Override
      public void stop() {
        close.run();
      }
    };
  }
}
