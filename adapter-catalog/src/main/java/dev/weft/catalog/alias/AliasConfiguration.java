package dev.weft.catalog.alias;

import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.base.Bases;
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
    AliasesController aliasesController(Aliases aliases, Bases bases) {
        return new AliasesController(aliases, bases);
    }
}
