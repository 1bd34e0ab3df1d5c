package dev.weft.access.refusal;

import java.util.regex.Pattern;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Decides which requests Spring Security lets in at all. Names of adapters hold slashes, which
 * clients write as {@code %2F}, so encoded slashes are let in; all of Spring's other checks stay.
 * Letters and digits must not be encoded: routes match them in either spelling, but code behind the
 * routes compares the text of an address.
 */
@Configuration(proxyBeanMethods = false)
public class ExchangeFirewall {
    /**
     * Encoded characters that RFC 3986 (2.3) never wants encoded. The tilde is left out, since some
     * clients encode it.
     */
    private static final Pattern ENCODED_FOR_NOTHING =
            Pattern.compile("%(3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|2[dDeE]|5[fF])");

    @Bean
    ServerWebExchangeFirewall serverWebExchangeFirewall() {
        var firewall = new StrictServerWebExchangeFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        return exchange ->
                isSpelledOut(exchange)
                        ? firewall.getFirewalledExchange(exchange)
                        : Mono.error(new ServerExchangeRejectedException("encoded letters"));
    }

    private static boolean isSpelledOut(ServerWebExchange exchange) {
        String path = exchange.getRequest().getURI().getRawPath();
        return path.indexOf('%') < 0 || !ENCODED_FOR_NOTHING.matcher(path).find();
    }

    /** Reports a rejected request in the service's own words. */
    @Bean
    ServerExchangeRejectedHandler suspiciousExchanges(Refusals refusals) {
        return (exchange, _) ->
                refusals.tell(
                        exchange,
                        new Refusal(
                                Refusal.Kind.SUSPICIOUS,
                                "the address or a header has characters that are not allowed: ; \\"
                                        + " // %% or control characters, letters or digits"
                                        + " that are encoded, or dots that lead elsewhere"));
    }
}
