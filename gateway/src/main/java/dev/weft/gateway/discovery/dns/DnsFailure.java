package dev.weft.gateway.discovery.dns;

import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;

/** No name server answered. The same failure has the same text each time. */
final class DnsFailure extends RuntimeException {
    DnsFailure(String message) {
        super(message, null, false, false);
    }

    /** Netty's own texts are not used: they name ports and channels, which differ each time. */
    static DnsFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsNameResolverTimeoutException) {
                return new DnsFailure("no answer in time");
            }
            if (cause instanceof DnsErrorCauseException error) {
                return new DnsFailure("the name server answers " + error.getCode());
            }
        }
        return new DnsFailure("no name server has an answer");
    }
}
