package dev.weft.catalog.alias;

import dev.weft.catalog.adapter.BaseName;
import dev.weft.catalog.adapter.Naming;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires aliases. */
@Configuration(proxyBeanMethods = false)
public class AliasConfiguration {

    @Bean
    Naming naming() {
        return new AliasedNames();
    }

    @Bean
    AliasesController aliasesController(Aliases aliases, BaseName base) {
        return new AliasesController(aliases, base);
    }
}
