package dev.weft.catalog.web;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.configuration.SpringDocSpecPropertiesConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.webflux.core.configuration.SpringDocWebFluxConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxObservationAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Names the parts of Spring Boot that the catalog uses. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ErrorWebFluxAutoConfiguration.class,
    ObservationAutoConfiguration.class,
    WebFluxObservationAutoConfiguration.class,
    SpringDocConfigProperties.class,
    SpringDocConfiguration.class,
    SpringDocSpecPropertiesConfiguration.class,
    SpringDocWebFluxConfiguration.class
})
@Import({ProblemHandler.class, OpenApiCompletion.class})
public class WebConfiguration {
    private static final String TOKEN = "token";

    /** Handlers that return plain values may block. */
    @Bean
    WebFluxConfigurer blockingHandlers() {
        return new WebFluxConfigurer() {
            @Override
            public void configureBlockingExecution(BlockingExecutionConfigurer configurer) {
                configurer.setExecutor(new VirtualThreadTaskExecutor("catalog-http-"));
            }
        };
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Weft adapter catalog")
                                .version("v1")
                                .license(new License().name("Apache-2.0").identifier("Apache-2.0"))
                                .description(
                                        "Which adapters exist, where they came from and whether"
                                                + " they fit the base model."))
                // else it would be the host that the request names
                .servers(List.of(new Server().url("/")))
                .components(
                        new Components()
                                .addSecuritySchemes(
                                        TOKEN,
                                        new SecurityScheme()
                                                .type(SecurityScheme.Type.HTTP)
                                                .scheme("bearer")
                                                .description(
                                                        "A token of `weft tokens create`, or a"
                                                            + " signed one of the issuer. Needed"
                                                            + " once there was a token, and if the"
                                                            + " catalog listens on more than"
                                                            + " loopback")))
                .addSecurityItem(new SecurityRequirement().addList(TOKEN))
                .addSecurityItem(new SecurityRequirement());
    }
}
