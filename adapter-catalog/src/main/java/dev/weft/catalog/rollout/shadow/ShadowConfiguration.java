package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.settings.TenantSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires shadows. */
@Configuration(proxyBeanMethods = false)
@Import({ShadowStateMetrics.class, ShadowMoves.class, ShadowBooks.class, OrdersController.class})
public class ShadowConfiguration {
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
    ShadowsController shadowsController(
            Database database, Aliases aliases, ShadowMoves moves, TenantSettings bounds) {
        return new ShadowsController(
                new Shadows(database, aliases, moves, bounds.roomForShadows()));
    }
}
