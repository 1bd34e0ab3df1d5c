package dev.weft.gateway.error;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the error answers. */
@Configuration(proxyBeanMethods = false)
@Import(ErrorWriter.class)
public class ErrorConfiguration {}
