package dev.weft.gateway.limit;

import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.limit.allowance.Allowances;
import dev.weft.gateway.limit.allowance.MemoryAllowances;
import dev.weft.gateway.limit.redis.RedisLimits;
import dev.weft.gateway.limit.redis.SharedMetrics;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.client.ReactorResourceFactory;

/** Wires the limits of keys; without Redis no class of its client is loaded. */
@Configuration(proxyBeanMethods = false)
@Import(KeyLimiter.class)
public class LimitConfiguration {
    /** The place where limits are counted; {@code redis} is empty for this gateway's memory. */
    record Counting(Optional<RedisLimits> redis) {}

    @Bean
    Counting counting(
            LimitSettings settings,
            ServiceTls tls,
            ReactorResourceFactory threads,
            MeterRegistry registry,
            Loops loops) {
        return new Counting(
                Optional.ofNullable(settings.redis())
                        .map(address ->
                                RedisLimits.of(
                                        new RedisLimits.RedisEndpoint(
                                                address, settings.redisTimeout()),
                                        tls,
                                        threads.getLoopResources().onClient(true),
                                        new SharedMetrics(registry),
                                        loops)));
    }

    @Bean
    Allowances allowances(Counting counting) {
        return counting.redis
                .map(RedisLimits::allowances)
                .orElseGet(() -> new MemoryAllowances(System::nanoTime));
    }

    /** Ends after the last request, which gives back what it held. */
    @Bean
    ServiceStage counted(Counting counting) {
        return ServiceStage.beside(
                () -> counting.redis.ifPresent(RedisLimits::start),
                () -> counting.redis.ifPresent(RedisLimits::close));
    }

    @Bean
    @Lazy(false)
    LimitMetrics limitMetrics(MeterRegistry registry) {
        return new LimitMetrics(registry);
    }
}
