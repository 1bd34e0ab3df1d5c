package dev.weft.inference.server.beside;

import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.host.EnginePulse;
import dev.weft.inference.relay.host.RelayHost;
import dev.weft.inference.relay.host.RelayStart;
import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.relay.host.ServerSigns;
import dev.weft.inference.relay.host.ServerWatch;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the watch over a server beside the worker, and what it tells of its load. */
@Conditional(EngineBeside.class)
@Configuration(proxyBeanMethods = false)
public class ServerWatchConfiguration {
    /** A server that stays stuck starts again if the worker runs it. */
    @Bean
    ServerSigns serverSigns(RunningServer running) {
        ServerSigns signs = new ServerSigns();
        signs.whenStuck(running::startAgain);
        return signs;
    }

    @Bean
    ServerWatch serverWatch(
            ServerCalls calls,
            RelayStart.Opened opened,
            ServerSigns signs,
            RelaySettings settings,
            Loops loops) {
        EnginePulse pulse = new EnginePulse(calls, opened.base(), signs, settings.silenceTimeout());
        return new ServerWatch(calls, opened.host(), pulse, loops);
    }

    @Bean
    ServiceStage watching(ServerWatch watch, RelayHost host, ArtifactCache artifacts) {
        host.rewritesFrom(artifacts::open);
        return ServiceStage.beside(watch::start, watch::close);
    }

    /** The requests that the worker has sent to the server, or is about to send. */
    @Bean
    RelayedRequests relayedRequests() {
        return new RelayedRequests();
    }

    @Bean
    ServerLoad serverLoad(ServerCalls calls, Dialect dialect, Loops loops) {
        return new ServerLoad(calls, dialect.loadMetrics(), loops);
    }

    @Bean
    ServiceStage readingLoad(ServerLoad load) {
        return ServiceStage.beside(load::start, load::close);
    }

    /** {@code DOWN} while the server can't be used, so that gateways take their requests away. */
    @Bean
    HealthIndicator engineHealthIndicator(ServerWatch watch) {
        return () -> {
            String trouble = watch.trouble();
            return trouble.isEmpty()
                    ? Health.up().build()
                    : Health.down().withDetail("reason", trouble).build();
        };
    }
}
