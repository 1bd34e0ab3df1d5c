package dev.weft.gateway;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.bounds.memory.MemoryMetrics;
import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.gateway.access.AccessConfiguration;
import dev.weft.gateway.ahead.AheadConfiguration;
import dev.weft.gateway.discovery.DiscoveryConfiguration;
import dev.weft.gateway.error.ErrorConfiguration;
import dev.weft.gateway.forward.ForwardConfiguration;
import dev.weft.gateway.forward.attempt.AttemptConfiguration;
import dev.weft.gateway.forward.request.Closing;
import dev.weft.gateway.health.HealthConfiguration;
import dev.weft.gateway.limit.LimitConfiguration;
import dev.weft.gateway.measure.MeasureConfiguration;
import dev.weft.gateway.models.ModelsConfiguration;
import dev.weft.gateway.queue.QueueConfiguration;
import dev.weft.gateway.rollout.RolloutConfiguration;
import dev.weft.gateway.rollout.shadow.ShadowConfiguration;
import dev.weft.gateway.routing.RoutingConfiguration;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.gateway.trace.TraceConfiguration;
import dev.weft.gateway.usage.UsageConfiguration;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.CatalogClientConfiguration;
import dev.weft.service.ServiceApplication;
import dev.weft.service.ServiceName;
import dev.weft.service.ServiceStage;
import dev.weft.service.WeftService;
import dev.weft.service.settings.AddressSettings;
import dev.weft.service.settings.MachineName;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The gateway as a Spring Boot application. */
@WeftService
@ImportAutoConfiguration(GatewayAutoConfiguration.class)
@Import({
    CatalogClientConfiguration.class,
    AccessConfiguration.class,
    ErrorConfiguration.class,
    DiscoveryConfiguration.class,
    RoutingConfiguration.class,
    AheadConfiguration.class,
    ModelsConfiguration.class,
    QueueConfiguration.class,
    AttemptConfiguration.class,
    ForwardConfiguration.class,
    MeasureConfiguration.class,
    TraceConfiguration.class,
    RolloutConfiguration.class,
    ShadowConfiguration.class,
    UsageConfiguration.class,
    LimitConfiguration.class,
    HealthConfiguration.class,
    NettyConfiguration.class
})
public class GatewayApplication {
    /** Runs a gateway by itself; see {@link ServiceApplication#run}. */
    public static void main(String[] arguments) {
        ServiceApplication.run(ServiceName.gateway, GatewayApplication.class, arguments);
    }

    /** Serves any thread with the generator of that thread. */
    @Bean
    RandomGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    @Bean
    CatalogView catalogView() {
        return new CatalogView();
    }

    @Bean
    FeedFollower feedFollower(
            ServiceAccess access,
            AddressSettings addresses,
            CatalogView view,
            Clock clock,
            Loops loops,
            ServiceTls tls) {
        return new FeedFollower(access.endpoint(tls), name(addresses), view, clock, loops);
    }

    /** The gateway's name for itself: its machine and its port. */
    private static String name(AddressSettings addresses) {
        return "gateway-" + MachineName.ofThisMachine() + ":" + addresses.gateway().port();
    }

    @Bean
    ServiceStage following(FeedFollower feed) {
        return ServiceStage.beside(feed::start, feed::close);
    }

    @Bean
    WorkerPool workerPool(ServiceAccess access, Loops loops, ServiceTls tls) {
        return new WorkerPool(access.token(), loops, tls);
    }

    @Bean
    ServiceStage probing(WorkerPool workers) {
        return ServiceStage.beside(workers::start, workers::close);
    }

    /**
     * Gives requests under way {@code weft.gateway.drain-timeout} to finish. New ones are served
     * meanwhile, since their senders have to hear of the end first. Then streams end with an error
     * event.
     */
    @Bean
    ServiceStage draining(Closing closing, GatewaySettings settings) {
        return ServiceStage.listening(() -> {}, () -> closing.end(settings.drainTimeout()));
    }

    @Bean
    MemoryMetrics memoryMetrics() {
        return new MemoryMetrics(ProcessMemory.ofHeap());
    }
}
