package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.settings.TenantSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires shadows. */
@Configuration(proxyBeanMethods = false)
public class ShadowConfiguration {

    @Bean
    ShadowStateMetrics shadowMetrics(MeterRegistry registry) {
        return new ShadowStateMetrics(registry);
    }

    @Bean
    ShadowMoves shadowMoves(Clock clock, ShadowStateMetrics metrics) {
        return new ShadowMoves(clock, metrics);
    }

    @Bean(destroyMethod = "")
    ShadowWatch shadowWatch(
            Database database,
            Aliases aliases,
            ShadowMoves moves,
            ShadowStateMetrics metrics,
            Loops loops) {
        return new ShadowWatch(database, aliases, moves, metrics, loops);
    }

    @Bean
    ServiceStage shadowing(ShadowWatch watch) {
        return ServiceStage.beside(watch::start, watch::close);
    }

    @Bean
    ShadowBooks shadowBooks(Database database, Clock clock) {
        return new ShadowBooks(database, clock);
    }

    @Bean
    ShadowsController shadowsController(
            Database database, Aliases aliases, ShadowMoves moves, TenantSettings bounds) {
        return new ShadowsController(
                new Shadows(database, aliases, moves, bounds.roomForShadows()));
    }

    @Bean
    OrdersController ordersController(ShadowBooks books) {
        return new OrdersController(books);
    }
}
