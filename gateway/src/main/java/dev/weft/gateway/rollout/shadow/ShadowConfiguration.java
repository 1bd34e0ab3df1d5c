package dev.weft.gateway.rollout.shadow;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.gateway.rollout.ComparedCopies;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires shadows. */
@Configuration(proxyBeanMethods = false)
@Import(ShadowSampling.class)
public class ShadowConfiguration {
    @Bean
    @ConditionalOnMissingBean
    CopyTime copyTime() {
        return new CopyTime(Duration.ofMinutes(5));
    }

    @Bean
    Orders shadowOrders() {
        return new Orders(System::nanoTime);
    }

    @Bean(destroyMethod = "")
    OrderFollower orderFollower(Orders orders, ServiceAccess access, ServiceTls tls, Loops loops) {
        return new OrderFollower(orders, access.endpoint(tls), loops);
    }

    @Bean(destroyMethod = "")
    Copies copies(
            WorkerChoice choice,
            WorkerPool workers,
            RequestQueues queues,
            ComparedCopies compared,
            CopyTime time,
            MeterRegistry registry,
            ServiceTls tls,
            Loops loops) {
        CopyClient client = new CopyClient(workers.token(), tls);
        return new Copies(
                new CopyRun(client, choice, workers, queues, time.longest()),
                workers,
                queues,
                compared,
                new CopyMetrics(registry),
                loops);
    }

    @Bean
    ServiceStage followingOrders(OrderFollower follower) {
        return ServiceStage.beside(follower::start, follower::close);
    }

    /** Ends before the requests under way, which need the workers more. */
    @Bean
    ServiceStage copying(Copies copies) {
        return ServiceStage.listening(copies::start, copies::close);
    }
}
