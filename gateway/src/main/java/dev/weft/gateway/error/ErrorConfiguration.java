package dev.weft.gateway.error;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the error answers. */
@Configuration(proxyBeanMethods = false)
public class ErrorConfiguration {
    @Bean
    ErrorWriter errorWriter() {
        return new ErrorWriter();
    }
}
