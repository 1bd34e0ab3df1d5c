package dev.weft.catalog.rollout;

import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.settings.TenantSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires rollouts. */
@Configuration(proxyBeanMethods = false)
@Import({
    RolloutMoves.class,
    RolloutMetrics.class,
    RolloutBooks.class,
    RolloutsController.class,
    MeasuresController.class
})
public class RolloutConfiguration {
    @Bean(destroyMethod = "")
    RolloutWatch rolloutWatch(
            Database database,
            RolloutMoves moves,
            RolloutMetrics metrics,
            FeedHub feed,
            Loops loops) {
        return new RolloutWatch(database, moves, metrics, feed::changed, loops);
    }

    @Bean
    ServiceStage rollingOut(RolloutWatch watch) {
        return ServiceStage.beside(watch::start, watch::close);
    }

    @Bean
    Rollouts rollouts(
            Database database,
            Aliases aliases,
            RolloutMoves moves,
            RolloutWatch watch,
            TenantSettings bounds) {
        return new Rollouts(database, aliases, moves, watch, bounds.roomForRollouts());
    }
}
