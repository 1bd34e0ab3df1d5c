package dev.weft.catalog.ingest;

import dev.weft.catalog.artifact.ArtifactStore;
import dev.weft.catalog.artifact.ContentLedger;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.claim.Attempts;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.fetch.FileRoots;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.catalog.trace.IngestTraces;
import dev.weft.catalog.version.Underway;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Fleet;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStage;
import dev.weft.source.Repositories;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.SourceOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires ingest. */
@Configuration(proxyBeanMethods = false)
@Import(Underway.class)
public class IngestConfiguration {
    @Bean
    IngestSettings ingestSettings(Fleet fleet, CatalogSettings settings, DataFolder data) {
        return new IngestSettings(
                ArrayTypes.of(fleet),
                data.path(),
                settings.ingestTimeout(),
                fleet.settings().folder(),
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
        return new Repositories(sources.impatient(), clock)::fetch;
    }

    @Bean
    FileRoots fileRoots(IngestSettings settings, DataFolder data) {
        // workers and a gateway of this machine keep theirs beside the catalog's
        Path catalog = data.path().toAbsolutePath().normalize();
        return new FileRoots(
                settings.folder(),
                settings.fileRoots(),
                settings.declaredFolders(),
                List.of(
                        catalog,
                        catalog.resolveSibling("worker"),
                        catalog.resolveSibling("workers"),
                        catalog.resolveSibling("gateway")));
    }

    @Bean
    Supply supply(IngestSettings settings, RepositoryAccess repositories, FileRoots roots) {
        return Supply.of(settings, repositories, roots);
    }

    @Bean
    Attempts attempts(IngestLedger ledger) {
        return new Attempts(ledger);
    }

    @Bean
    BaseFinder baseFinder(IngestLedger ledger, Bases bases, Supply supply, Attempts attempts) {
        return new BaseFinder(ledger, bases, supply.bases(), supply.checks(), attempts);
    }

    @Bean
    Storing storing(IngestSettings settings, ContentLedger contents, ArtifactStore artifacts) {
        return new Storing(contents, artifacts, new ArrayConversion(settings.arrays()));
    }

    @Bean
    ProgressReceivers watch(Underway underway, MeterRegistry meters, IngestTraces traces) {
        return new ProgressReceivers(underway, new IngestMetrics(meters), traces);
    }

    @Bean
    IngestJob.Workshop workshop(
            IngestLedger ledger,
            Attempts attempts,
            Supply supply,
            BaseFinder bases,
            Storing storing,
            ProgressReceivers watch,
            Clock clock) {
        return new IngestJob.Workshop(ledger, attempts, supply, bases, storing, watch, clock);
    }

    @Bean
    Ingest ingest(
            IngestJob.Workshop workshop, IngestSettings settings, LongSupplier nanos, Loops loops) {
        return new Ingest(
                workshop, settings.data().resolve("ingest"), settings.timeout(), nanos, loops);
    }

    /** Resumes the ingests that an earlier catalog left, once this one listens. */
    @Bean
    ServiceStage ingesting(Ingest ingest) {
        return ServiceStage.listening(ingest::resume, ingest::close);
    }
}
