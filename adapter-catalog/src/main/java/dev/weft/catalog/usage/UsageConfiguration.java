package dev.weft.catalog.usage;

import dev.weft.catalog.database.Database;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the books, gateways' batches, and the admin API of usage. */
@Configuration(proxyBeanMethods = false)
public class UsageConfiguration {

    @Bean
    UsageBooks usageBooks(Database database, Clock clock) {
        return new UsageBooks(database, clock);
    }

    @Bean
    BatchController batchController(UsageBooks books) {
        return new BatchController(books);
    }

    @Bean
    UsageController usageController(UsageBooks books, Clock clock) {
        return new UsageController(books, clock);
    }
}
