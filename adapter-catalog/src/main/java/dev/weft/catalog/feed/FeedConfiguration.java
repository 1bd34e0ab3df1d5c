package dev.weft.catalog.feed;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the feed. */
@Configuration(proxyBeanMethods = false)
public class FeedConfiguration {

    @Bean
    FeedController feedController(FeedHub hub) {
        return new FeedController(hub);
    }
}
