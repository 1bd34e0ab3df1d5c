package dev.weft.catalog.alias;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.settings.TenantSettings;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires aliases. */
@Configuration(proxyBeanMethods = false)
@Import({AliasesController.class, AliasedNames.class})
public class AliasConfiguration {
    @Bean
    Aliases aliases(Database database, Clock clock, FeedHub feed, TenantSettings bounds) {
        return new Aliases(database, clock, feed::changed, bounds.roomForAliases());
    }
}
