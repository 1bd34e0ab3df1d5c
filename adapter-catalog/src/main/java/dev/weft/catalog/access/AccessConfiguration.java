package dev.weft.catalog.access;

import dev.weft.catalog.registry.Tokens;
import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** Wires who asks. */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {

    @Bean
    Callers callers(AccessSettings settings, Tokens tokens) {
        URI issuer = settings.jwtIssuer();
        boolean closed = !settings.loopback() && issuer == null;
        FirstToken first = FirstToken.of(settings.data(), closed && !tokens.any());
        return new Callers(
                new Gate(settings, tokens, first),
                issuer == null ? null : new JwtPrincipals(issuer, settings.jwtAudience()));
    }

    @Bean
    AccessFilter accessFilter(Callers callers) {
        return new AccessFilter(callers);
    }

    @Bean
    WhoseController whoseController(Callers callers) {
        return new WhoseController(callers);
    }

    @Bean
    WebFluxConfigurer requesters() {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
                configurer.addCustomResolver(new RequesterResolver());
            }
        };
    }
}
