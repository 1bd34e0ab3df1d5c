package dev.weft.inference.server.metrics;

import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.ServerReply;
import dev.weft.inference.relay.host.RelayHost;
import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.relay.host.ServerWatch;
import dev.weft.inference.server.beside.RelayedRequests;
import dev.weft.inference.server.settings.EngineBeside;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the metrics of a server beside the worker. */
@Conditional(EngineBeside.class)
@Configuration(proxyBeanMethods = false)
public class RelayMetricsConfiguration {
    private static final Duration SCRAPE = Duration.ofSeconds(1);

    @Bean
    RelayMetrics relayMetrics(RelayHost host, RelayedRequests requests, ServerLoad load) {
        return new RelayMetrics(host::statistics, requests::counts, load::told);
    }

    @Bean
    StallMetrics stallMetrics(ServerWatch watch) {
        return new StallMetrics(watch::away, watch::timesAway);
    }

    /** The server's own metrics, without those that the worker has under the same names. */
    @Bean
    RuntimeMetrics runtimeMetrics(ServerCalls calls, PrometheusRegistry own) {
        return new ServersMetrics(
                () -> {
                    ServerReply reply = calls.get("/metrics", SCRAPE);
                    return reply.ok() ? reply.text() : "";
                },
                own);
    }
}
