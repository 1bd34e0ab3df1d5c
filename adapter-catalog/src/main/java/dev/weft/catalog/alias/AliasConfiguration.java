package dev.weft.catalog.alias;

import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.settings.TenantSettings;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires aliases. */
@Configuration(proxyBeanMethods = false)
public class AliasConfiguration {

    @Bean
    Aliases aliases(Database database, Clock clock, FeedHub feed, TenantSettings bounds) {
        return new Aliases(database, clock, feed::changed, bounds.roomForAliases());
    }

    @Bean
    Naming naming() {
        return new AliasedNames();
    }

    @Bean
    AliasesController aliasesController(Aliases aliases, Bases bases) {
        return new AliasesController(aliases, bases);
    }
}
