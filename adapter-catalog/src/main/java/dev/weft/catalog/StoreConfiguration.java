package dev.weft.catalog;

import dev.weft.access.holder.Loopback;
import dev.weft.catalog.access.AccessSettings;
import dev.weft.catalog.adapter.BaseName;
import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.artifact.ArtifactStore;
import dev.weft.catalog.artifact.ArtifactStores;
import dev.weft.catalog.artifact.ArtifactSweep;
import dev.weft.catalog.artifact.ContentLedger;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.claim.InstanceId;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.DatabaseSettings;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.feed.FeedMetrics;
import dev.weft.catalog.ingest.IngestSettings;
import dev.weft.catalog.token.Tokens;
import dev.weft.catalog.version.VersionCounts;
import dev.weft.catalog.version.VersionMetrics;
import dev.weft.catalog.worker.Workers;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.Stage;
import dev.weft.tracing.TracingSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the stores, and tells the feed of every commit. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    @Bean
    DatabaseSettings databaseSettings(CatalogOptions options) {
        return new DatabaseSettings(options.settings().database(), options.data());
    }

    @Bean
    ArtifactStore artifactStore(CatalogOptions options) throws IOException {
        return ArtifactStores.open(
                options.settings().artifacts(),
                options.sources().objectStores(options.clock()),
                options.data().resolve("artifacts"),
                options.settings().artifactCacheBytes().toBytes(),
                options.clock());
    }

    @Bean
    ContentLedger contentLedger(Database database) {
        return new ContentLedger(database);
    }

    @Bean
    ArtifactSweep artifactSweep(
            ArtifactStore store, ContentLedger ledger, CatalogOptions options, Loops loops) {
        return new ArtifactSweep(
                store, ledger::needed, options.settings().artifactGrace(), options.clock(), loops);
    }

    @Bean
    Stage sweeping(ArtifactSweep sweep) {
        return Stage.beside(sweep::start, sweep::close);
    }

    @Bean
    IngestSettings ingestSettings(CatalogOptions options) {
        return new IngestSettings(
                options.checkpoint(),
                options.maxLoraRank(),
                options.arrays(),
                options.data(),
                options.settings().ingestTimeout(),
                options.settings().fileRoots(),
                options.declaredFolders());
    }

    @Bean
    BaseName baseName(CatalogOptions options) {
        return new BaseName(options.servedModelName());
    }

    @Bean
    TracingSettings tracingSettings(CatalogOptions options) {
        return options.tracing();
    }

    @Bean
    Clock clock(CatalogOptions options) {
        return options.clock();
    }

    @Bean
    ChangeLog changeLog(Database database) {
        return new ChangeLog(database);
    }

    @Bean
    FeedHub feedHub(ChangeLog log, CatalogOptions options, FeedMetrics metrics, Loops loops) {
        return new FeedHub(log, options.clock(), metrics, loops);
    }

    @Bean
    Stage feeding(FeedHub feed) {
        return Stage.beside(feed::start, feed::close);
    }

    /** Followers leave before the server ends, which would wait for them. */
    @Bean
    Stage disconnecting(FeedHub feed) {
        return Stage.listening(() -> {}, feed::close);
    }

    @Bean
    FeedMetrics feedMetrics(MeterRegistry registry) {
        return new FeedMetrics(registry);
    }

    @Bean
    VersionMetrics versionMetrics(MeterRegistry registry, Database database, Loops loops) {
        return new VersionMetrics(registry, new VersionCounts(database), loops);
    }

    @Bean
    Stage counting(VersionMetrics metrics) {
        return Stage.beside(metrics::start, metrics::close);
    }

    @Bean
    Registry registry(Database database, Naming names, CatalogOptions options, FeedHub feed) {
        return new Registry(database, names, options.clock(), feed::changed);
    }

    @Bean
    Aliases aliases(Database database, CatalogOptions options, FeedHub feed) {
        return new Aliases(database, options.clock(), feed::changed);
    }

    @Bean
    Workers workers(Database database, CatalogOptions options) {
        return new Workers(database, options.clock());
    }

    @Bean
    Tokens tokens(Database database, CatalogOptions options, FeedHub feed) {
        return new Tokens(database, options.clock(), feed::changed);
    }

    @Bean
    AccessSettings accessSettings(CatalogOptions options) {
        return new AccessSettings(
                Loopback.is(options.bindAddress()),
                options.access().jwtIssuer(),
                options.access().jwtAudience(),
                options.internalToken(),
                options.data());
    }

    @Bean(destroyMethod = "close")
    InstanceId instanceId(CatalogOptions options) {
        return InstanceId.of(options.data());
    }

    @Bean
    IngestLedger ingestLedger(
            Database database,
            Naming names,
            InstanceId instance,
            CatalogOptions options,
            FeedHub feed) {
        return new IngestLedger(
                database, names, instance.toString(), options.clock(), feed::changed);
    }

    /**
     * Makes readiness include the feed, so that a ready catalog sends its snapshot without a wait.
     */
    @Bean
    HealthIndicator feedHealthIndicator(FeedHub feed) {
        return () ->
                feed.initialised()
                        ? Health.up().build()
                        : Health.outOfService().withDetail("names", "being read").build();
    }
}
