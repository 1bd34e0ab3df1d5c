package dev.weft.catalog.rollout;

import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.rollout.shadow.ShadowBooks;
import dev.weft.catalog.settings.TenantSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires rollouts. */
@Configuration(proxyBeanMethods = false)
public class RolloutConfiguration {

    @Bean
    RolloutMoves rolloutMoves(Aliases aliases, Clock clock) {
        return new RolloutMoves(aliases, clock);
    }

    @Bean
    RolloutMetrics rolloutMetrics(MeterRegistry registry) {
        return new RolloutMetrics(registry);
    }

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

    @Bean
    RolloutBooks rolloutBooks(Database database, ShadowBooks shadows, Clock clock) {
        return new RolloutBooks(database, shadows, clock);
    }

    @Bean
    RolloutsController rolloutsController(Rollouts rollouts, Bases bases) {
        return new RolloutsController(rollouts, bases);
    }

    @Bean
    MeasuresController measuresController(RolloutBooks books) {
        return new MeasuresController(books);
    }
}
