package dev.weft.gateway.usage;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.report.ReportMetrics;
import dev.weft.gateway.report.ReportSender;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the counts of usage. */
@Configuration(proxyBeanMethods = false)
@Import({UsageCounter.class, UsageLedger.class, KeySpending.class})
public class UsageConfiguration {
    @Bean(destroyMethod = "")
    UsageReporter usageReporter(
            UsageLedger ledger,
            KeySpending spending,
            MeterRegistry registry,
            DataFolder data,
            ServiceAccess access,
            ServiceTls tls,
            Clock clock,
            Loops loops) {
        return new UsageReporter(
                ledger,
                spending,
                UsageJournal.open(data),
                new UsageMetrics(registry),
                new ReportSender(
                        UsageReporter.KIND,
                        access.endpoint(tls),
                        new ReportMetrics(
                                registry,
                                "weft.gateway.usage.batches",
                                "Batches of usage that were sent to the catalog")),
                clock,
                loops);
    }

    /** Ends after the last request, whose counts it hands over too. */
    @Bean
    ServiceStage reporting(ObjectProvider<UsageReporter> reporter, UsageSettings settings) {
        return settings.enabled()
                ? ServiceStage.beside(
                        reporter.getObject()::start, () -> reporter.getObject().close())
                : ServiceStage.beside(() -> {}, () -> {});
    }
}
