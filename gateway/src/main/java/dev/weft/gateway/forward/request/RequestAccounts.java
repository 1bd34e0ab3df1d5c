package dev.weft.gateway.forward.request;

import dev.weft.access.holder.Holder;
import dev.weft.gateway.body.RequestHead;
import dev.weft.gateway.limit.Admission;
import dev.weft.gateway.limit.AllowedModels;
import dev.weft.gateway.limit.Demand;
import dev.weft.gateway.limit.KeyLimiter;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.rollout.ComparedVersions;
import dev.weft.gateway.rollout.shadow.CopiedRequest;
import dev.weft.gateway.rollout.shadow.Sampled;
import dev.weft.gateway.rollout.shadow.ShadowSampling;
import dev.weft.gateway.routing.name.Caller;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.usage.UsageCounter;
import dev.weft.protocol.error.AnthropicErrors;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.path.ModelPaths;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Keeps the accounts of requests: checks that a request's key may send it and stays valid, has its
 * use booked for its sender, has its answer measured if its name leads to several versions, and
 * draws some requests for a shadow.
 *
 * @param own Weft's own requests, which are neither limited, booked, measured nor drawn
 */
public record RequestAccounts(
        KeyLimiter limiter,
        UsageCounter usage,
        ComparedVersions compared,
        ShadowSampling sampling,
        OwnRequests own,
        RunningKeys keys) {
    /**
     * Never completes; fails with the client's error once the request's key is revoked or has
     * ended.
     */
    public Mono<Void> keyLost(ServerWebExchange exchange, Holder holder) {
        return keys.lost(exchange, holder);
    }

    /**
     * Finds what a model stands for. A model that the key may not ask for is reported as unknown.
     *
     * @throws ApiException 404, or as {@link Targets#find}
     */
    public Target target(Targets targets, String model, Caller caller, Holder holder) {
        Target target =
                targets.find(model, caller, version -> AllowedModels.include(holder, version));
        if (!AllowedModels.include(holder, target)) {
            throw ApiException.modelNotFound(model);
        }
        return target;
    }

    /** Checks a name that the catalog does not know yet, in the same way. */
    public void checkModel(Holder holder, String model) {
        if (!AllowedModels.include(holder, model)) {
            throw ApiException.modelNotFound(model);
        }
    }

    /**
     * Takes what a request needs of its key's limits, once; what it does not use comes back when
     * its tally ends.
     *
     * @return fails if a limit is reached
     */
    public Mono<Void> admit(
            ServerHttpRequest request, ServerHttpResponse response, Sent sent, Tally tally) {
        if (own.include(request)) {
            tally.uncounted();
            return Mono.empty();
        }
        if (!KeyLimiter.limits(sent.holder)) {
            return Mono.empty();
        }
        return Mono.defer(() -> admission(request, limiter.admit(sent.holder, sent.demand, tally)))
                .flatMap(admission -> {
                    set(admission, response.getHeaders());
                    return switch (admission) {
                        case Admission.Refused(var _, ApiException error) -> Mono.error(error);
                        case Admission.Granted _ -> Mono.empty();
                    };
                });
    }

    /** Has an admitted request booked and measured when its tally ends. */
    public void book(ServerHttpRequest request, Sent sent, Target target, Tally tally) {
        if (own.include(request)) {
            return;
        }
        Holder holder = sent.holder;
        if (usage.on()) {
            usage.count(tally, holder, target, sent.demand.prompt());
        }
        if (isCount(request)) {
            return; // its answer says nothing of the version
        }
        Tally.Account measured = compared.account(holder.tenantOrDefault(), target);
        if (measured != null) {
            tally.account(measured);
        }
    }

    /** No model reads a prompt that is only counted, and none answers it. */
    private static boolean isCount(ServerHttpRequest request) {
        return request.getPath().value().equals(ModelPaths.COUNT);
    }

    /** Draws some of the requests that are to be copied once they have ended. */
    public void sample(ServerHttpRequest request, Request asked, RequestHead head) {
        if (!sampling.on() || own.include(request)) {
            return;
        }
        Sampled drawn =
                sampling.sample(
                        asked.target(),
                        new CopiedRequest(
                                asked.tenant(),
                                request.getPath().value(),
                                request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE),
                                head,
                                new CopiedRequest.Body(asked.body())));
        if (drawn != null) {
            asked.sampled(drawn);
        }
    }

    /** Whatever thread has the answer, the request goes on in its client's loop. */
    private static Mono<Admission> admission(
            ServerHttpRequest request, CompletableFuture<Admission> answer) {
        Mono<Admission> coming = Mono.fromFuture(answer, true);
        return answer.isDone() ? coming : coming.publishOn(ClientLoop.of(request));
    }

    private static void set(Admission admission, HttpHeaders headers) {
        admission.headers().forEach(headers::set);
    }

    /** A request whose body was read. */
    public record Sent(Holder holder, Demand demand) {
        /**
         * The request of a holder.
         *
         * @param bytes of the body
         */
        public static Sent of(
                Holder holder, ServerHttpRequest request, RequestHead head, int bytes) {
            String path = request.getPath().value();
            boolean anthropic = AnthropicErrors.areFor(path);
            return new Sent(
                    holder,
                    isCount(request)
                            ? Demand.of(0, 0, false, anthropic)
                            : Demand.of(bytes, head.mostTokens(), head.stream(), anthropic));
        }
    }
}
