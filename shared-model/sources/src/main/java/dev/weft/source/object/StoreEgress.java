package dev.weft.source.object;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.source.http.CheckingProxy;
import dev.weft.source.http.CheckingProxy.Failure;
import dev.weft.source.object.StoreException.Kind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The only way by which OpenDAL's requests leave this process. OpenDAL's HTTP client resolves names
 * and follows redirects by itself, has no hook for either, and is shared by the whole process. It
 * takes its proxy from the environment when it is made. So before the first store is opened, the
 * variables name a proxy of ours, which checks every connection. Proxies named by the environment
 * are not used, because their connections could not be checked.
 */
final class StoreEgress {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final List<String> PROXIES =
            List.of("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY");
    private static final List<String> EXCEPTIONS =
            List.of("NO_PROXY", "no_proxy", "all_proxy", "REQUEST_METHOD");

    private static @Nullable CheckingProxy proxy;

    private StoreEgress() {}

    /**
     * Allows a store's own endpoint, whatever its address, and public addresses with TLS that it
     * redirects to.
     *
     * @param ranges addresses that are allowed although they are not public
     */
    static synchronized void allow(URI endpoint, List<AddressRange> ranges) throws StoreException {
        CheckingProxy started = proxy;
        if (started == null) {
            started = start();
            proxy = started;
        }
        started.allow(endpoint, ranges);
    }

    private static CheckingProxy start() throws StoreException {
        try {
            CheckingProxy started = CheckingProxy.start(CONNECT);
            PROXIES.forEach(name -> NativeEnvironment.set(name, started.address().toString()));
            EXCEPTIONS.forEach(NativeEnvironment::unset);
            return started;
        } catch (IOException | IllegalStateException | LinkageError e) {
            throw new StoreException(
                    Kind.INVALID, "object stores can't be asked from this machine: " + e);
        }
    }

    /** The last connection that failed, if it failed at or after a time of nanoTime. */
    static synchronized Optional<Failure> failureSince(long nanos) {
        return proxy == null ? Optional.empty() : proxy.failureSince(nanos);
    }
}
