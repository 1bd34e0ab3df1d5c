package dev.weft.access.management;

import dev.weft.access.holder.ConnectionEnds;
import dev.weft.access.holder.Guests;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.LocalGuests;
import dev.weft.access.holder.Role;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.http.server.RequestPath;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Tells requests at the management port from others. Both ports share one chain of filters and one
 * set of handlers, so rules must keep them apart.
 */
public final class ManagementDoor
        implements ApplicationListener<WebServerInitializedEvent>, Guests {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementDoor.class);
    private static final String NAMESPACE = "management";
    private static final Holder LOCAL = new Holder(Holder.ANONYMOUS, Role.service, null);

    private final Guests others;
    private volatile int port;

    /**
     * @param others judges requests at the other port
     */
    public ManagementDoor(Guests others) {
        this.others = others;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (NAMESPACE.equals(event.getApplicationContext().getServerNamespace())) {
            port = event.getWebServer().getPort();
            LOG.info("metrics and health are at port {}", port);
        }
    }

    /** The port; empty if the service's own port is for management too. */
    public OptionalInt port() {
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** True for a request that came in at the management port. */
    boolean is(ServerWebExchange exchange) {
        InetSocketAddress local = ConnectionEnds.here(exchange.getRequest());
        return port != 0 && local != null && local.getPort() == port;
    }

    /** True for a request at the management port that does not belong there. */
    public boolean isElsewhere(ServerWebExchange exchange) {
        RequestPath path = exchange.getRequest().getPath();
        return is(exchange) && !path.pathWithinApplication().value().startsWith("/actuator/");
    }

    @Override
    public boolean ignoresTokens(ServerWebExchange exchange) {
        return !is(exchange) && others.ignoresTokens(exchange);
    }

    /** Programs of this machine may look at metrics if these are published on loopback. */
    @Override
    public Mono<Verdict> judge(ServerWebExchange exchange) {
        return is(exchange)
                ? Mono.just(LocalGuests.localReader(exchange, LOCAL))
                : others.judge(exchange);
    }
}
