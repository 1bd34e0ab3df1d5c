package dev.weft.gateway.access;

import dev.weft.model.adapter.AdapterId;
import java.net.URI;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Wires whose requests are. */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {
    /**
     * How requests are told apart.
     *
     * @param keys a token is needed
     * @param token of this gateway; null for none
     */
    public record Settings(boolean keys, URI catalog, @Nullable String token) {
        @Override
        public String toString() {
            return "Settings[keys=" + keys + ", catalog=" + catalog + "]";
        }
    }

    @Bean
    Tenants tenants(Settings settings, Clock clock) {
        return settings.keys()
                ? new CatalogTenants(settings.catalog(), settings.token(), clock)
                : _ -> Mono.just(AdapterId.DEFAULT_TENANT);
    }
}
