package dev.weft.catalog;

import dev.weft.catalog.access.AccessConfiguration;
import dev.weft.catalog.adapter.AdapterConfiguration;
import dev.weft.catalog.alias.AliasConfiguration;
import dev.weft.catalog.artifact.ArtifactConfiguration;
import dev.weft.catalog.audit.AuditConfiguration;
import dev.weft.catalog.base.BaseConfiguration;
import dev.weft.catalog.claim.ClaimConfiguration;
import dev.weft.catalog.database.DatabaseConfiguration;
import dev.weft.catalog.feed.FeedConfiguration;
import dev.weft.catalog.ingest.IngestConfiguration;
import dev.weft.catalog.rollout.RolloutConfiguration;
import dev.weft.catalog.rollout.shadow.ShadowConfiguration;
import dev.weft.catalog.token.TokenConfiguration;
import dev.weft.catalog.trace.TraceConfiguration;
import dev.weft.catalog.usage.UsageConfiguration;
import dev.weft.catalog.version.VersionConfiguration;
import dev.weft.catalog.web.WebConfiguration;
import dev.weft.catalog.worker.WorkerConfiguration;
import dev.weft.service.ServiceApplication;
import dev.weft.service.ServiceName;
import dev.weft.service.WeftService;
import org.springframework.context.annotation.Import;

/** The catalog as a Spring Boot application. */
@WeftService
@Import({
    WebConfiguration.class,
    DatabaseConfiguration.class,
    StoreConfiguration.class,
    AccessConfiguration.class,
    ArtifactConfiguration.class,
    TraceConfiguration.class,
    IngestConfiguration.class,
    FeedConfiguration.class,
    VersionConfiguration.class,
    ClaimConfiguration.class,
    AdapterConfiguration.class,
    BaseConfiguration.class,
    AliasConfiguration.class,
    RolloutConfiguration.class,
    ShadowConfiguration.class,
    TokenConfiguration.class,
    AuditConfiguration.class,
    WorkerConfiguration.class,
    UsageConfiguration.class
})
public class CatalogApplication {
    /** Runs a catalog by itself; see {@link ServiceApplication#run}. */
    public static void main(String[] arguments) {
        ServiceApplication.run(ServiceName.catalog, CatalogApplication.class, arguments);
    }
}
