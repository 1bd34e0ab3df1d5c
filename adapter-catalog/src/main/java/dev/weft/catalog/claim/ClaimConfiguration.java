package dev.weft.catalog.claim;

import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.service.DataFolder;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the name of this catalog, and its claims. */
@Configuration(proxyBeanMethods = false)
public class ClaimConfiguration {

    @Bean(destroyMethod = "close")
    InstanceId instanceId(DataFolder data) {
        return InstanceId.of(data.path());
    }

    @Bean
    IngestLedger ingestLedger(
            Database database, Naming names, InstanceId instance, Clock clock, FeedHub feed) {
        return new IngestLedger(database, names, instance.toString(), clock, feed::changed);
    }
}
