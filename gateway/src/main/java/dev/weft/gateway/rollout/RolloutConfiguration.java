package dev.weft.gateway.rollout;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.report.ReportMetrics;
import dev.weft.gateway.report.ReportSender;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the measurements for rollouts. */
@Configuration(proxyBeanMethods = false)
@Import({ComparedVersions.class, ComparedCopies.class})
public class RolloutConfiguration {
    @Bean(destroyMethod = "")
    MeasureReporter measureReporter(
            ComparedVersions versions,
            ComparedCopies copies,
            MeterRegistry registry,
            ServiceAccess access,
            ServiceTls tls,
            Loops loops) {
        ReportMetrics metrics =
                new ReportMetrics(
                        registry,
                        "weft.gateway.rollout.reports",
                        "Reports on compared versions that were sent");
        return new MeasureReporter(
                versions,
                copies,
                new ReportSender(MeasureReporter.KIND, access.endpoint(tls), metrics),
                loops);
    }

    /** Ends after the last request, whose figures it sends too. */
    @Bean
    ServiceStage measuring(MeasureReporter reporter) {
        return ServiceStage.beside(reporter::start, reporter::close);
    }
}
