package dev.weft.catalog.trace;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires traces. */
@Configuration(proxyBeanMethods = false)
@Import(IngestTraces.class)
public class TraceConfiguration {}
