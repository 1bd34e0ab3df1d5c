package dev.weft.catalog.access;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** Wires who asks. */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {

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
