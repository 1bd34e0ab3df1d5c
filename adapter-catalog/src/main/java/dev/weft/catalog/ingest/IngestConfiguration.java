package dev.weft.catalog.ingest;

import dev.weft.catalog.artifact.ArtifactStore;
import dev.weft.catalog.registry.ContentLedger;
import dev.weft.catalog.registry.IngestLedger;
import dev.weft.catalog.trace.IngestTraces;
import dev.weft.protocol.loop.Loops;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires ingest. */
@Configuration(proxyBeanMethods = false)
public class IngestConfiguration {

    @Bean
    FileRoots fileRoots(IngestSettings settings) {
        return new FileRoots(settings.fileRoots(), settings.declaredFolders());
    }

    @Bean
    Underway underway() {
        return new Underway();
    }

    @Bean(destroyMethod = "close")
    Ingest ingest(
            IngestSettings settings,
            Clock clock,
            IngestLedger ledger,
            FileRoots roots,
            ArtifactStore artifacts,
            ContentLedger contents,
            RepositoryAccess repositories,
            Underway underway,
            IngestTraces traces,
            MeterRegistry meters,
            Loops loops) {
        IngestMetrics metrics = new IngestMetrics(meters);
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("catalog-ingest-", 0).factory());
        Fetcher fetcher = new Fetcher(threads);
        AdapterCheck check = new AdapterCheck(settings.checkpoint(), settings.maxLoraRank());
        Path data = settings.data();
        BaseModel base =
                new BaseModel(settings.checkpoint(), repositories, fetcher, data.resolve("base"));
        return new Ingest(
                new IngestJob.Workshop(
                        ledger,
                        new Attempts(ledger),
                        repositories,
                        fetcher,
                        new Lanes(),
                        underway,
                        roots,
                        base,
                        check,
                        new Storing(
                                contents, artifacts, check, new ArrayConversion(settings.arrays())),
                        metrics,
                        traces),
                threads,
                data.resolve("ingest"),
                settings.timeout(),
                clock,
                metrics,
                loops);
    }
}
