package dev.weft.gateway.measure;

import dev.weft.protocol.loop.Loops;
import dev.weft.service.settings.MetricsSettings;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** Wires the metrics of requests. */
@Configuration(proxyBeanMethods = false)
@Import(RequestMetrics.class)
public class MeasureConfiguration {
    /** Prefixes of the meters that measure answers. */
    private static final List<String> ANSWERS = List.of("gen_ai.", "weft.gateway.version.");

    @Bean
    MeterFilter answersWhereMeasured(MetricsSettings settings) {
        return MeterFilter.deny(
                id -> !settings.enabled() && ANSWERS.stream().anyMatch(id.getName()::startsWith));
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @Lazy(false)
    Ranking ranking(RequestMetrics metrics, LongSupplier nanos, Loops loops) {
        return new Ranking(metrics, nanos, loops);
    }
}
