package dev.weft.catalog;

import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.base.Base;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.settings.TenantSettings;
import dev.weft.deployment.Fleet;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the stores that the feed reads. The stores tell the feed of every commit; their packages
 * don't know the feed.
 */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    /** The bases. Those that files declare are written here, before anybody asks. */
    @Bean
    Bases bases(Database database, Clock clock, FeedHub feed, Fleet fleet) {
        Bases bases = new Bases(database, clock, EventTable::basesChanged, feed::changed);
        bases.declare(fleet.deployments().stream().map(Base.Facts::of).toList());
        return bases;
    }

    @Bean
    Registry registry(
            Database database, Naming names, Clock clock, FeedHub feed, TenantSettings bounds) {
        return new Registry(database, names, clock, feed::changed, bounds.roomForAdapters());
    }
}
