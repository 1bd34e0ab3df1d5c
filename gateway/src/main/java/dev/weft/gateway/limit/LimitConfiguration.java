package dev.weft.gateway.limit;

import dev.weft.gateway.usage.KeySpending;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires the limits of keys. */
@Configuration(proxyBeanMethods = false)
public class LimitConfiguration {
    @Bean
    Allowances allowances() {
        return new MemoryAllowances(System::nanoTime);
    }

    @Bean
    @Lazy(false)
    LimitMetrics limitMetrics(MeterRegistry registry) {
        return new LimitMetrics(registry);
    }

    @Bean
    KeyLimiter keyLimiter(
            Allowances allowances, KeySpending spending, LimitMetrics metrics, Clock clock) {
        return new KeyLimiter(allowances, spending, metrics, clock);
    }
}
