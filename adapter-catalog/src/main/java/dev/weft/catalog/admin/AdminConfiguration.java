package dev.weft.catalog.admin;

import dev.weft.catalog.ingest.FileRoots;
import dev.weft.catalog.ingest.Ingest;
import dev.weft.catalog.ingest.Underway;
import dev.weft.catalog.registry.Aliases;
import dev.weft.catalog.registry.AuditLog;
import dev.weft.catalog.registry.Registry;
import dev.weft.catalog.registry.Tokens;
import dev.weft.catalog.registry.Workers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the admin API. */
@Configuration(proxyBeanMethods = false)
public class AdminConfiguration {

    @Bean
    AdaptersController adaptersController(
            Registry registry, Ingest ingest, Underway underway, FileRoots roots, BaseName base) {
        return new AdaptersController(
                registry, ingest, underway, new RegistrationReader(roots), base);
    }

    @Bean
    AliasesController aliasesController(Aliases aliases, BaseName base) {
        return new AliasesController(aliases, base);
    }

    @Bean
    WorkersController workersController(Workers workers, Registry registry) {
        return new WorkersController(workers, registry);
    }

    @Bean
    TokensController tokensController(Tokens tokens) {
        return new TokensController(tokens);
    }

    @Bean
    AuditController auditController(AuditLog log) {
        return new AuditController(log);
    }

    @Bean
    ProblemHandler problemHandler() {
        return new ProblemHandler();
    }
}
