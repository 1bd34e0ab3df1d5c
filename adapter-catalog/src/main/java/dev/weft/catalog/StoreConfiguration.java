package dev.weft.catalog;

import dev.weft.access.AccessSettings;
import dev.weft.access.holder.Loopback;
import dev.weft.catalog.access.AccessOptions;
import dev.weft.catalog.access.ChosenToken;
import dev.weft.catalog.access.InternalTokens;
import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.artifact.ArtifactStore;
import dev.weft.catalog.artifact.ArtifactStores;
import dev.weft.catalog.artifact.ArtifactSweep;
import dev.weft.catalog.artifact.ContentLedger;
import dev.weft.catalog.base.Base;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.claim.InstanceId;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.DatabaseSettings;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.feed.FeedMetrics;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.catalog.ingest.ArrayTypes;
import dev.weft.catalog.ingest.IngestSettings;
import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.catalog.settings.TenantSettings;
import dev.weft.catalog.token.Tokens;
import dev.weft.catalog.version.VersionCounts;
import dev.weft.catalog.version.VersionMetrics;
import dev.weft.catalog.worker.Workers;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Fleet;
import dev.weft.format.trtllm.AdaptableModules;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.DataFolder;
import dev.weft.service.LauncherToken;
import dev.weft.service.ServiceStage;
import dev.weft.service.ServiceToken;
import dev.weft.service.settings.AddressSettings;
import dev.weft.service.settings.EngineSettings;
import dev.weft.settings.secret.SecretSettings;
import dev.weft.source.Repositories;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.SourceOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the stores, and tells the feed of every commit. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    @Bean
    DatabaseSettings databaseSettings(CatalogSettings settings, DataFolder data) {
        return new DatabaseSettings(settings.database(), data.path());
    }

    @Bean
    ArtifactStore artifactStore(
            CatalogSettings settings, SourceOptions sources, DataFolder data, Clock clock)
            throws IOException {
        return ArtifactStores.open(
                settings.artifacts(),
                sources.objectStores(clock),
                data.path().resolve("artifacts"),
                settings.artifactCacheBytes().toBytes(),
                clock);
    }

    @Bean
    ContentLedger contentLedger(Database database) {
        return new ContentLedger(database);
    }

    @Bean
    ArtifactSweep artifactSweep(
            ArtifactStore store,
            ContentLedger ledger,
            CatalogSettings settings,
            Clock clock,
            Loops loops) {
        return new ArtifactSweep(store, ledger::needed, settings.artifactGrace(), clock, loops);
    }

    @Bean
    ServiceStage sweeping(ArtifactSweep sweep) {
        return ServiceStage.beside(sweep::start, sweep::close);
    }

    @Bean
    IngestSettings ingestSettings(Fleet fleet, CatalogSettings settings, DataFolder data) {
        return new IngestSettings(
                ArrayTypes.of(fleet),
                data.path(),
                settings.ingestTimeout(),
                settings.fileRoots(),
                fleet.deployments().stream()
                        .flatMap(deployment -> deployment.lora().adapters().stream())
                        .map(Deployment.DeclaredAdapter::repository)
                        .filter(repository -> repository.source() == RepositorySource.FILE)
                        .map(repository -> Path.of(repository.repo()))
                        .toList());
    }

    @Bean
    @ConditionalOnMissingBean
    SourceOptions sourceOptions(Fleet fleet) {
        return SourceConfiguration.of(fleet.settings(), fleet.repositories());
    }

    @Bean
    @ConditionalOnMissingBean
    RepositoryAccess repositoryAccess(SourceOptions sources, Clock clock) {
        return new Repositories(sources, clock)::fetch;
    }

    /** The bases that files declare are there before anybody asks. */
    @Bean
    Bases bases(Database database, Clock clock, FeedHub feed, Fleet fleet) {
        Bases bases = new Bases(database, clock, EventTable::basesChanged, feed::changed);
        bases.declare(fleet.deployments().stream().map(StoreConfiguration::facts).toList());
        return bases;
    }

    private static Base.Facts facts(Deployment deployment) {
        EngineSettings.Choice engine = deployment.settings(EngineSettings.class).engine();
        // an engine of TensorRT-LLM is built for certain modules if its file names them
        Set<LinearModule> modules =
                engine == EngineSettings.Choice.TENSORRT_LLM
                        ? AdaptableModules.complete(
                                deployment.tensorRt().build().loraTargetModules())
                        : Set.of();
        return new Base.Facts(
                deployment.base().servedName(),
                deployment.base().checkpoint(),
                deployment.lora().maxRank(),
                engine,
                modules);
    }

    @Bean
    ChangeLog changeLog(Database database) {
        return new ChangeLog(database);
    }

    @Bean
    FeedHub feedHub(ChangeLog log, Clock clock, FeedMetrics metrics, Loops loops) {
        return new FeedHub(log, clock, metrics, loops);
    }

    @Bean
    ServiceStage feeding(FeedHub feed) {
        return ServiceStage.beside(feed::start, feed::close);
    }

    /** Followers leave before the server ends, which would wait for them. */
    @Bean
    ServiceStage disconnecting(FeedHub feed) {
        return ServiceStage.listening(() -> {}, feed::close);
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
    ServiceStage counting(VersionMetrics metrics) {
        return ServiceStage.beside(metrics::start, metrics::close);
    }

    @Bean
    Registry registry(
            Database database, Naming names, Clock clock, FeedHub feed, TenantSettings bounds) {
        return new Registry(database, names, clock, feed::changed, bounds.roomForAdapters());
    }

    @Bean
    Aliases aliases(Database database, Clock clock, FeedHub feed, TenantSettings bounds) {
        return new Aliases(database, clock, feed::changed, bounds.roomForAliases());
    }

    @Bean
    Workers workers(Database database, Clock clock) {
        return new Workers(database, clock);
    }

    @Bean
    Tokens tokens(Database database, Clock clock, FeedHub feed) {
        return new Tokens(database, clock, feed::changed);
    }

    @Bean
    AccessOptions accessOptions(
            AddressSettings addresses,
            AccessSettings settings,
            CatalogSettings catalog,
            SecretSettings secrets,
            ServiceToken services,
            ObjectProvider<LauncherToken> launcher,
            DataFolder data) {
        return new AccessOptions(
                Loopback.is(addresses.bindAddress()),
                settings.jwtIssuer(),
                settings.jwtAudience(),
                new InternalTokens(
                        launcher.getIfAvailable(() -> LauncherToken.NONE).text(),
                        services.text(),
                        ChosenToken.of(catalog.serviceToken(), secrets, System.getenv())),
                data.path());
    }

    @Bean(destroyMethod = "close")
    InstanceId instanceId(DataFolder data) {
        return InstanceId.of(data.path());
    }

    @Bean
    IngestLedger ingestLedger(
            Database database, Naming names, InstanceId instance, Clock clock, FeedHub feed) {
        return new IngestLedger(database, names, instance.toString(), clock, feed::changed);
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
