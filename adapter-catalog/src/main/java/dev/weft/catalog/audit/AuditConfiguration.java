package dev.weft.catalog.audit;

import dev.weft.catalog.database.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the audit log. */
@Configuration(proxyBeanMethods = false)
public class AuditConfiguration {

    @Bean
    AuditLog auditLog(Database database) {
        return new AuditLog(database);
    }

    @Bean
    AuditController auditController(AuditLog log) {
        return new AuditController(log);
    }
}
