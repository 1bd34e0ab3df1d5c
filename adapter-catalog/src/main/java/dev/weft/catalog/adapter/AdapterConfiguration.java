package dev.weft.catalog.adapter;

import dev.weft.catalog.base.Bases;
import dev.weft.catalog.fetch.FileRoots;
import dev.weft.catalog.version.Underway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the admin API of adapters. */
@Configuration(proxyBeanMethods = false)
public class AdapterConfiguration {

    @Bean
    AdaptersController adaptersController(
            Registry registry, Intake intake, Underway underway, FileRoots roots, Bases bases) {
        return new AdaptersController(
                registry, intake, underway, new RegistrationReader(roots), bases);
    }
}
