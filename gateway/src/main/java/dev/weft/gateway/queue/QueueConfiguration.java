package dev.weft.gateway.queue;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires the queues before the workers. */
@Configuration(proxyBeanMethods = false)
public class QueueConfiguration {
    /** The queues of the bases that are known exist at once, with their metrics. */
    @Bean
    @Lazy(false)
    RequestQueues requestQueues(
            WorkerPool workers,
            QueueSettings settings,
            MeterRegistry registry,
            Loops loops,
            KnownBases bases) {
        RequestQueues queues =
                new RequestQueues(workers, settings, new QueueMetrics(registry), loops);
        bases.names().forEach(queues::of);
        return queues;
    }

    @Bean
    ServiceStage queueing(RequestQueues queues) {
        return ServiceStage.beside(queues::start, queues::close);
    }
}
