package dev.weft.catalog.admin;

import dev.weft.catalog.ingest.FileRoots;
import dev.weft.catalog.ingest.Ingest;
import dev.weft.catalog.registry.Registry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the admin API. */
@Configuration(proxyBeanMethods = false)
public class AdminConfiguration {

    @Bean
    AdminController adminController(Registry registry, Ingest ingest, FileRoots roots) {
        return new AdminController(registry, ingest, new RegistrationReader(roots));
    }

    @Bean
    ProblemHandler problemHandler() {
        return new ProblemHandler();
    }
}
