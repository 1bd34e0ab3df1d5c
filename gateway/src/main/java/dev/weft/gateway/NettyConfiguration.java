package dev.weft.gateway;

import dev.weft.access.tls.ServiceTls;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;

/** Wires the client that sends requests on to workers. */
@Configuration(proxyBeanMethods = false)
class NettyConfiguration {
    @Bean
    HttpClientCustomizer clientOnTheSameLoops(ReactorResourceFactory resources) {
        return client -> client.runOn(resources.getLoopResources());
    }

    /** Checks workers' certificates as all services do, with a context that takes up new files. */
    @Bean
    HttpClientCustomizer tlsToWorkers(ServiceTls tls) {
        return client ->
                tls.netty()
                        .map(context -> client.secure(spec -> spec.sslContext(context)))
                        .orElse(client);
    }

    @Bean
    HttpClientCustomizer lostConnections() {
        LostConnections handler = new LostConnections();
        return client ->
                client.doOnChannelInit((_, channel, _) -> channel.pipeline().addFirst(handler));
    }

    @Bean
    HttpClientCustomizer joinedContent() {
        return client ->
                client.doOnChannelInit((_, channel, _) ->
                        channel.pipeline()
                                .addAfter(
                                        NettyPipeline.HttpCodec,
                                        "joined-content",
                                        new JoinedContent()));
    }
}
