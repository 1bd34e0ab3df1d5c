package dev.weft.gateway.forward;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Priority;
import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.gateway.body.ModelReader;
import dev.weft.gateway.body.RequestHead;
import dev.weft.gateway.forward.request.CallerReader;
import dev.weft.gateway.forward.request.ClientLoop;
import dev.weft.gateway.forward.request.Closing;
import dev.weft.gateway.forward.request.PriorityReader;
import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.forward.request.RequestAccounts;
import dev.weft.gateway.forward.request.RequestIds;
import dev.weft.gateway.forward.request.RequestTime;
import dev.weft.gateway.forward.request.WholeBody;
import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.measure.Wait;
import dev.weft.gateway.queue.Newcomer;
import dev.weft.gateway.routing.name.Caller;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.protocol.usage.Operation;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Reads a completion before its worker is chosen: it reads the body, takes {@code model} from it,
 * and looks the model up. The filters after it find the {@link Request} in the exchange. It keeps
 * account of the request until its end.
 */
final class CompletionFilter implements GatewayFilter {
    /**
     * The header of the answer that names the chosen version, in the form in which its caller can
     * pin it.
     */
    private static final String VERSION = "weft-version";

    private final GatewaySettings settings;
    private final Duration keepAlive;
    private final Targets targets;
    private final ComingAdapters coming;
    private final Closing closing;
    private final RequestMetrics metrics;
    private final RequestAccounts accounts;

    /**
     * @param keepAlive silence after which a stream begins before its answer; zero for never
     */
    CompletionFilter(
            GatewaySettings settings,
            Duration keepAlive,
            Targets targets,
            ComingAdapters coming,
            Closing closing,
            RequestMetrics metrics,
            RequestAccounts accounts) {
        this.settings = settings;
        this.keepAlive = keepAlive;
        this.targets = targets;
        this.coming = coming;
        this.closing = closing;
        this.metrics = metrics;
        this.accounts = accounts;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        HttpMethod method = exchange.getRequest().getMethod();
        Operation operation = Operation.ofPath(exchange.getRequest().getPath().value());
        return Mono.defer(() -> {
            long arrival = System.nanoTime();
            Tally tally = new Tally(metrics, operation, TraceFilter.of(exchange));
            Mono<Void> answer =
                    method.equals(HttpMethod.POST)
                            ? forward(exchange, chain, tally, arrival)
                            : Mono.error(
                                    new MethodNotAllowedException(method, Set.of(HttpMethod.POST)));
            return answer.doOnSuccess(_ -> tally.ended(status(exchange)))
                    .doOnError(tally::failed)
                    .doOnCancel(tally::cancelled);
        });
    }

    /**
     * @param arrival when the request came, by {@link System#nanoTime}
     */
    private Mono<Void> forward(
            ServerWebExchange exchange, GatewayFilterChain chain, Tally tally, long arrival) {
        return exchange.<HolderAuthentication>getPrincipal()
                .flatMap(who -> {
                    Holder holder = who.holder();
                    RequestTime time =
                            time(exchange.getRequest(), arrival)
                                    .whileValid(accounts.keyLost(exchange, holder));
                    tally.expires(time::isClientsOver);
                    return forward(exchange, chain, tally, new Arrived(holder, time));
                });
    }

    private RequestTime time(ServerHttpRequest request, long arrival) {
        return RequestTime.begin(
                request.getHeaders(), settings.maxRequestTime(), arrival, ClientLoop.of(request));
    }

    /** The body is kept until its answer is over: another worker may need it. */
    private Mono<Void> forward(
            ServerWebExchange exchange, GatewayFilterChain chain, Tally tally, Arrived arrived) {
        return Mono.using(
                () -> ProcessMemory.ofHeap().claim(arrived.holder.tenantOrDefault()),
                memory ->
                        arrived.time
                                .bound(body(exchange, memory))
                                .doOnNext(_ -> tally.waited(Wait.BODY))
                                .flatMap(body -> answer(exchange, chain, arrived, body, tally)),
                ProcessMemory.Claim::close);
    }

    private Mono<Void> answer(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Arrived arrived,
            byte[] body,
            Tally tally) {
        RequestHead head = ModelReader.read(body).at(exchange.getRequest().getPath().value());
        if (!head.stream()) {
            tally.wantsWhole();
        }
        Sender sender = sender(exchange, arrived, head, body.length);
        Function<ServerWebExchange, Mono<Void>> answer =
                client ->
                        request(client, sender, body, tally)
                                .doOnNext(request -> request.putInto(client))
                                .flatMap(_ -> chain.filter(client));
        return head.stream() && !keepAlive.isZero()
                ? new EarlyStream(exchange, keepAlive, tally).run(exchange, answer)
                : answer.apply(exchange);
    }

    private Mono<byte[]> body(ServerWebExchange exchange, ProcessMemory.Claim memory) {
        return WholeBody.read(
                exchange.getRequest(),
                Math.toIntExact(settings.maxRequestBytes().toBytes()),
                settings.requestTimeout(),
                memory,
                ClientLoop.of(exchange.getRequest()));
    }

    private static Sender sender(
            ServerWebExchange exchange, Arrived arrived, RequestHead head, int bytes) {
        Holder holder = arrived.holder;
        Caller caller = CallerReader.read(exchange, holder, holder.tenantOrDefault(), head);
        TraceFilter.of(exchange).asked(head.model(), RequestIds.of(exchange));
        ServerHttpRequest request = exchange.getRequest();
        Priority priority = PriorityReader.read(request.getHeaders(), holder);
        return new Sender(
                RequestAccounts.Sent.of(holder, request, head, bytes),
                caller,
                head,
                new Newcomer(caller.tenant(), priority, request.getPath().value(), bytes),
                arrived.time);
    }

    private Mono<Request> request(
            ServerWebExchange exchange, Sender sender, byte[] body, Tally tally) {
        String model = sender.head.model();
        if (!coming.include(model, sender.caller)) {
            Request request = found(exchange, sender, body, tally);
            return admit(exchange, sender, tally).then(booked(exchange, sender, request));
        }
        // a key that may not use the model neither waits for it nor takes a place in the queue
        accounts.checkModel(sender.sent.holder(), model);
        return admit(exchange, sender, tally)
                .then(Mono.defer(() -> coming.settled(sender, exchange, tally)))
                .then(
                        Mono.defer(() ->
                                booked(exchange, sender, found(exchange, sender, body, tally))));
    }

    private Mono<Void> admit(ServerWebExchange exchange, Sender sender, Tally tally) {
        return accounts.admit(exchange.getRequest(), exchange.getResponse(), sender.sent, tally);
    }

    private Mono<Request> booked(ServerWebExchange exchange, Sender sender, Request request) {
        return Mono.fromSupplier(() -> {
            accounts.book(exchange.getRequest(), sender.sent, request.target(), request.tally());
            accounts.sample(exchange.getRequest(), request, sender.head);
            return request;
        });
    }

    private Request found(ServerWebExchange exchange, Sender sender, byte[] body, Tally tally) {
        RequestHead head = sender.head;
        RequestTrace trace = TraceFilter.of(exchange);
        Target target = accounts.target(targets, head.model(), sender.caller, sender.sent.holder());
        tally.known(target);
        trace.known(name(target));
        if (target instanceof Target.Adapter adapter) {
            String pin = targets.pin(adapter.version(), sender.caller);
            exchange.getResponse().getHeaders().set(VERSION, pin);
            trace.adapter(
                    name(target), adapter.version().digest().toString(), adapter.version().pin());
        }
        Request request =
                new Request(
                        sender.who,
                        new Request.Asked(target, exchange.getRequest().getPath().value(), body),
                        settings.requestTimeout(),
                        closing,
                        sender.time,
                        tally,
                        trace);
        if (head.stream()) {
            request.stream();
        }
        return request;
    }

    /** A request whose body is still to be read. */
    private record Arrived(Holder holder, RequestTime time) {}

    /** A request whose head was read. */
    record Sender(
            RequestAccounts.Sent sent,
            Caller caller,
            RequestHead head,
            Newcomer who,
            RequestTime time) {}

    /** The adapter's name in the catalog, or the base's name. */
    private static String name(Target target) {
        return switch (target) {
            case Target.Base base -> base.model();
            case Target.Adapter adapter -> adapter.version().adapter().written();
        };
    }

    private static int status(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return status == null ? 200 : status.value();
    }
}
