package dev.weft.catalog.token;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.feed.FeedHub;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires tokens, and their admin API. */
@Configuration(proxyBeanMethods = false)
@Import(TokensController.class)
public class TokenConfiguration {
    @Bean
    Tokens tokens(Database database, Clock clock, FeedHub feed) {
        return new Tokens(database, clock, feed::changed);
    }
}
