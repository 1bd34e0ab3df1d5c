package dev.weft.catalog.token;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the admin API of tokens. */
@Configuration(proxyBeanMethods = false)
public class TokenConfiguration {

    @Bean
    TokensController tokensController(Tokens tokens) {
        return new TokensController(tokens);
    }
}
