package dev.weft.gateway.forward;

import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.gateway.routing.Targets;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.gateway.trace.RequestTraces;
import dev.weft.gateway.worker.WorkerPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import reactor.netty.http.client.HttpClient;

/** Wires the routes to the workers. */
@Configuration(proxyBeanMethods = false)
public class ForwardConfiguration {
    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

    /** A placeholder for the worker that each request is given; nobody resolves it. */
    private static final String ANY_WORKER = "http://worker.invalid";

    @Bean
    Closing closing(RequestMetrics metrics) {
        return new Closing(metrics::inFlight);
    }

    @Bean
    @Lazy(false)
    AttemptMetrics attemptMetrics(MeterRegistry registry) {
        return new AttemptMetrics(registry);
    }

    @Bean
    ForwardFilter forwardFilter(
            GatewaySettings settings,
            Targets targets,
            ForwardAttempts attempts,
            Closing closing,
            RequestMetrics metrics) {
        return new ForwardFilter(settings, targets, attempts, closing, metrics);
    }

    @Bean
    RefusedRequests refusedRequests(RequestMetrics metrics) {
        return new RefusedRequests(metrics);
    }

    @Bean
    TraceFilter traceFilter(RequestTraces traces) {
        return new TraceFilter(traces);
    }

    @Bean
    ForwardAttempts attempts(WorkerChoice choice, WorkerPool workers, AttemptMetrics metrics) {
        return new ForwardAttempts(choice, workers, metrics);
    }

    @Bean
    WorkerConnections workerConnections(
            HttpClient client,
            ObjectProvider<List<HttpHeadersFilter>> headers,
            HttpClientProperties properties) {
        return new WorkerConnections(client, headers, properties);
    }

    /** Belongs to the filter above: Spring Cloud Gateway has both or none. */
    @Bean
    NettyWriteResponseFilter workerAnswers(
            GatewayProperties properties, ObjectProvider<List<HttpHeadersFilter>> headers) {
        return new NettyWriteResponseFilter(properties.getStreamingMediaTypes(), headers);
    }

    /**
     * All routes. This bean replaces the locator that Spring Cloud Gateway would make from route
     * definitions, with some fifty factories for their possible content.
     */
    @Bean("cachedCompositeRouteLocator")
    @Primary
    RouteLocator routes(
            RouteLocatorBuilder routes, GatewaySettings settings, ForwardFilter forward) {
        return routes.routes()
                .route(
                        "openai",
                        route ->
                                route.path("/v1/chat/completions", "/v1/completions")
                                        .filters(filters -> filters.filter(forward))
                                        .metadata(
                                                Map.of(
                                                        RouteMetadataUtils.CONNECT_TIMEOUT_ATTR,
                                                        CONNECT_TIMEOUT_MILLIS,
                                                        RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR,
                                                        settings.requestTimeout().toMillis()))
                                        .uri(ANY_WORKER))
                .build();
    }
}
