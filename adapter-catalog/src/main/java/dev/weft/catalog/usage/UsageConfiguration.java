package dev.weft.catalog.usage;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the books, gateways' batches, and the admin API of usage. */
@Configuration(proxyBeanMethods = false)
@Import({BatchController.class, UsageController.class})
public class UsageConfiguration {
    @Bean
    UsageBooks usageBooks(Database database, CatalogSettings settings, Clock clock) {
        return new UsageBooks(database, settings.usageDays(), clock);
    }

    @Bean
    UsageRetention usageRetention(UsageBooks books, Loops loops) {
        return new UsageRetention(books, loops);
    }

    @Bean
    ServiceStage forgetting(UsageRetention retention) {
        return ServiceStage.beside(retention::start, retention::close);
    }
}
