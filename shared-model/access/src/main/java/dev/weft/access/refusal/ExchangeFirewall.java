package dev.weft.access.refusal;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;

/**
 * Decides which requests Spring Security lets in at all. Names of adapters hold slashes, which
 * clients write as {@code %2F}; all its other checks stay.
 */
@Configuration(proxyBeanMethods = false)
public class ExchangeFirewall {
    @Bean
    StrictServerWebExchangeFirewall serverWebExchangeFirewall() {
        var firewall = new StrictServerWebExchangeFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        return firewall;
    }

    /** Reports it in the service's own words. */
    @Bean
    ServerExchangeRejectedHandler suspiciousExchanges(Refusals refusals) {
        return (exchange, _) ->
                refusals.tell(
                        exchange,
                        new Refusal(
                                Refusal.Kind.SUSPICIOUS,
                                "the address or a header has characters that are not allowed: ; \\"
                                        + " // %% or control characters, or dots that lead"
                                        + " elsewhere"));
    }
}
