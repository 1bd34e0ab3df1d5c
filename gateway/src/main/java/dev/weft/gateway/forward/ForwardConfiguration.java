package dev.weft.gateway.forward;

import dev.weft.access.ServiceAccess;
import dev.weft.access.token.CatalogTokens;
import dev.weft.gateway.forward.attempt.WorkerChoiceFilter;
import dev.weft.gateway.forward.request.Closing;
import dev.weft.gateway.forward.request.OwnRequests;
import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.forward.request.RequestAccounts;
import dev.weft.gateway.forward.request.RunningKeys;
import dev.weft.gateway.forward.request.Waiting;
import dev.weft.gateway.limit.KeyLimiter;
import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.gateway.queue.QueueSettings;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.gateway.rollout.ComparedVersions;
import dev.weft.gateway.rollout.shadow.ShadowSampling;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.gateway.usage.UsageCounter;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.path.ModelPaths;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.factory.RetryGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RetryGatewayFilterFactory.RetryConfig;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.http.HttpMethod;
import reactor.netty.http.client.HttpClient;

/** Wires the routes to the workers. */
@Configuration(proxyBeanMethods = false)
@Import({RefusedRequests.class, TraceFilter.class, WorkerConnections.class, RequestIdFilter.class})
public class ForwardConfiguration {
    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

    /** {@link WorkerChoiceFilter} chooses one for each attempt. */
    private static final String ANY_WORKER = "lb://workers";

    @Bean
    Closing closing(RequestMetrics metrics) {
        return new Closing(metrics::inFlight);
    }

    @Bean
    RequestAccounts requestAccounts(
            KeyLimiter limiter,
            UsageCounter usage,
            ComparedVersions compared,
            ShadowSampling sampling,
            ServiceAccess access,
            CatalogTokens tokens) {
        return new RequestAccounts(
                limiter,
                usage,
                compared,
                sampling,
                new OwnRequests(access.token()),
                new RunningKeys(tokens));
    }

    @Bean
    Waiting waiting(RequestQueues queues, Closing closing) {
        return new Waiting(queues, closing);
    }

    @Bean
    ComingAdapters comingAdapters(Targets targets, Waiting waiting, KnownBases bases) {
        return new ComingAdapters(targets, waiting, bases);
    }

    @Bean
    CompletionFilter completionFilter(
            GatewaySettings settings,
            QueueSettings queue,
            Targets targets,
            ComingAdapters coming,
            Closing closing,
            RequestMetrics metrics,
            RequestAccounts accounts) {
        return new CompletionFilter(
                settings, queue.keepAlive(), targets, coming, closing, metrics, accounts);
    }

    @Bean
    @Lazy(false)
    ForgottenWorkers forgottenWorkers(HttpClient client, WorkerPool workers) {
        ForgottenWorkers forgotten = new ForgottenWorkers(client);
        workers.watch(forgotten);
        return forgotten;
    }

    /**
     * Belongs to {@link WorkerConnections}: Spring Cloud Gateway makes its own two filters together
     * or not at all. It writes the answer within the attempt, so that a worker that is lost before
     * the first byte can be replaced. It takes no media type for a streaming one: it would flush
     * each buffer of such an answer by itself. Reactor Netty flushes what was written when the turn
     * of the event loop is over, which delays nothing.
     */
    @Bean
    NettyWriteResponseFilter workerAnswers(ObjectProvider<List<HttpHeadersFilter>> headers) {
        return new NettyWriteResponseFilter(List.of(), headers) {
            @Override
            public int getOrder() {
                return WorkerChoiceFilter.ORDER + 1;
            }
        };
    }

    /**
     * All routes. No route has a timeout, since an attempt ends if its worker is silent for too
     * long, before or within the answer. This bean replaces the locator that Spring Cloud Gateway
     * would make from route definitions, with some fifty factories for their possible content.
     */
    @Bean("cachedCompositeRouteLocator")
    @Primary
    RouteLocator routes(
            RouteLocatorBuilder routes,
            CompletionFilter completion,
            RetryGatewayFilterFactory retry) {
        return routes.routes()
                .route(
                        "openai",
                        route ->
                                route.path(ModelPaths.ALL.toArray(String[]::new))
                                        .filters(filters ->
                                                filters.filter(completion, 1)
                                                        .filter(retry.apply(otherWorkers()), 2))
                                        .metadata(
                                                Map.of(
                                                        RouteMetadataUtils.CONNECT_TIMEOUT_ATTR,
                                                        CONNECT_TIMEOUT_MILLIS))
                                        .uri(ANY_WORKER))
                .build();
    }

    /**
     * The retries of a request. Their configuration has no route id: with one, the retry filter
     * would have Spring Cloud Gateway read the body, however large, before {@link CompletionFilter}
     * does. {@code WorkerResponse} turns a status after which another worker is to be tried into an
     * exception.
     */
    @SuppressWarnings("unchecked") // of an array of classes
    private static RetryConfig otherWorkers() {
        return new RetryConfig()
                .setRetries(Request.MOST_RETRIES)
                .setMethods(HttpMethod.POST)
                .setSeries()
                .setExceptions(WorkerChoiceFilter.TryAnotherWorker.class);
    }
}
