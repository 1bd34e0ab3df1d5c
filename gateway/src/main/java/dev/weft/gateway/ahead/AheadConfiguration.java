package dev.weft.gateway.ahead;

import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the loading of adapters ahead of requests. */
@Configuration(proxyBeanMethods = false)
public class AheadConfiguration {
    @Bean(destroyMethod = "")
    LoadingAhead loadingAhead(
            WorkerPool pool,
            WorkerChoice choice,
            CatalogView view,
            KnownBases bases,
            ServiceTls tls,
            Loops loops) {
        return new LoadingAhead(pool, new AheadPlan(choice), view, bases, tls, loops);
    }

    @Bean
    ServiceStage loadsAhead(LoadingAhead ahead, RoutingSettings settings) {
        return ServiceStage.beside(
                () -> {
                    if (settings.loadAhead()) {
                        ahead.start();
                    }
                },
                ahead::close);
    }
}
