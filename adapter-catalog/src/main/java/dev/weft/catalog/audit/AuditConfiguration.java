package dev.weft.catalog.audit;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the audit log. */
@Configuration(proxyBeanMethods = false)
@Import({AuditLog.class, AuditController.class})
public class AuditConfiguration {}
