package dev.weft.inference.server;

import dev.weft.access.ServiceAccess;
import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.bounds.http.RefusedBodies;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.http.outcome.ErrorAnswers;
import dev.weft.inference.server.http.outcome.TraceFilter;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.trace.CompletionTraces;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.tracing.Exemplars;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.NettyPipeline;

/**
 * The worker's Spring application: Netty, the routes, actuator. Everything else is made without
 * Spring and handed in.
 */
final class WorkerServer implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final String address;
    private final ServiceTls tls;

    /**
     * The worker's metrics.
     *
     * @param runtime what the engine's runtime says of itself, in Prometheus' text format
     */
    record Metrics(PrometheusRegistry registry, Supplier<String> runtime) {}

    /**
     * Who may use the worker.
     *
     * @param management the address of the metrics
     * @param tls what listeners show
     * @param view tells of tokens that change
     * @param clock the time by which tokens are remembered
     */
    record Access(
            ServiceAccess rules,
            Management management,
            ServiceTls tls,
            CatalogView view,
            Clock clock) {}

    private WorkerServer(ConfigurableApplicationContext context, String address, ServiceTls tls) {
        this.context = context;
        this.address = address;
        this.tls = tls;
    }

    /**
     * Starts the server, which listens when this returns.
     *
     * @param port 0 for a free one
     * @param watch what readiness asks of the engine
     * @param routes made from the source of all metrics as text
     * @param access who may use them
     */
    static WorkerServer start(
            String address,
            int port,
            Function<ExposedMetrics, RouterFunction<ServerResponse>> routes,
            EngineWatch watch,
            Metrics metrics,
            CompletionTraces traces,
            Access access) {
        SpringApplication application = new SpringApplication(WorkerApplication.class);
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(properties(address, port, access));
        application.addInitializers(
                (ApplicationContextInitializer<GenericApplicationContext>)
                        beans -> {
                            beans.registerBean(
                                    "engine", HealthIndicator.class, () -> health(watch));
                            register(beans, routes, metrics, traces, access);
                        });
        return new WorkerServer(application.run(), address, access.tls());
    }

    /** The application context, for tests of the wiring. */
    ApplicationContext context() {
        return context;
    }

    /** The address it listens on. */
    URI address() {
        WebServer server = ((ReactiveWebServerApplicationContext) context).getWebServer();
        if (server == null) {
            throw new IllegalStateException("the HTTP server is closed");
        }
        return tls.address(address, server.getPort());
    }

    /** Makes readiness answer 503 from now on; requests are still served. */
    void refuse() {
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    }

    @Override
    public void close() {
        context.close();
    }

    /**
     * Health by the engine: {@code DOWN}, unlike a worker that is about to end, so that gateways
     * take their requests away.
     */
    private static HealthIndicator health(EngineWatch watch) {
        return () -> {
            Duration stalled = watch.stalled();
            return stalled.isZero()
                    ? Health.up().build()
                    : Health.down()
                            .withDetail("reason", "the engine has requests and makes no step")
                            .withDetail("stalledSeconds", stalled.toSeconds())
                            .build();
        };
    }

    private static void register(
            GenericApplicationContext beans,
            Function<ExposedMetrics, RouterFunction<ServerResponse>> routes,
            Metrics metrics,
            CompletionTraces traces,
            Access access) {
        beans.registerBean(ServiceAccess.class, access::rules);
        beans.registerBean(ServiceTls.class, access::tls);
        beans.registerBean(CatalogView.class, access::view);
        beans.registerBean(Clock.class, access::clock);
        beans.registerBean(Exemplars.class, Exemplars::new);
        beans.registerBean(TraceFilter.class, () -> new TraceFilter(traces));
        beans.registerBean(ErrorAnswers.class, ErrorAnswers::new);
        beans.registerBean(
                NettyServerCustomizer.class,
                () ->
                        server ->
                                server.doOnChannelInit((_, channel, _) ->
                                        RefusedBodies.addAfter(NettyPipeline.HttpCodec, channel)));
        ExposedMetrics exposition =
                MetricsConfiguration.register(beans, metrics.registry(), metrics.runtime());
        beans.registerBean("workerRoutes", RouterFunction.class, () -> routes.apply(exposition));
    }

    private static Map<String, Object> properties(String address, int port, Access access) {
        Map<String, Object> properties = new LinkedHashMap<>(WorkerApplication.defaultProperties());
        properties.putAll(access.management().properties());
        properties.putAll(access.tls().properties(access.management().apart(), true));
        properties.put("server.address", address);
        properties.put("server.port", String.valueOf(port));
        return properties;
    }
}
