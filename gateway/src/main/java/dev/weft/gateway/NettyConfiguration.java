package dev.weft.gateway;

import dev.weft.access.tls.ServiceTls;
import dev.weft.bounds.http.RefusedBodies;
import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;

/**
 * Gives this gateway event loops of its own, for both directions. Reactor Netty shares its loops
 * among all contexts of a JVM, and they end with the first context that closes.
 */
@Configuration(proxyBeanMethods = false)
class NettyConfiguration {
    @Bean
    ReactorResourceFactory eventLoops() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setShutdownQuietPeriod(Duration.ZERO);
        resources.setShutdownTimeout(Duration.ofMillis(500));
        return resources;
    }

    @Bean
    HttpClientCustomizer clientOnTheSameLoops(ReactorResourceFactory resources) {
        return client -> client.runOn(resources.getLoopResources());
    }

    /** Checks workers like all services, with a context that takes up new files. */
    @Bean
    HttpClientCustomizer tlsToWorkers(ServiceTls tls) {
        return client ->
                tls.netty()
                        .map(context -> client.secure(spec -> spec.sslContext(context)))
                        .orElse(client);
    }

    @Bean
    NettyServerCustomizer refusedBodies() {
        return server ->
                server.doOnChannelInit((_, channel, _) ->
                        RefusedBodies.addAfter(NettyPipeline.HttpCodec, channel));
    }

    @Bean
    HttpClientCustomizer lostConnections() {
        LostConnections handler = new LostConnections();
        return client ->
                client.doOnChannelInit((_, channel, _) -> channel.pipeline().addFirst(handler));
    }
}
