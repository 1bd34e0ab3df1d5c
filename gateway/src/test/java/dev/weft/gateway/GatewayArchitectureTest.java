package dev.weft.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;

@AnalyzeClasses(packages = "dev.weft.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class GatewayArchitectureTest {
    @ArchTest
    static final ArchRule features_have_no_cycles =
            slices().matching("dev.weft.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule features_do_not_know_the_application =
            noClasses()
                    .that()
                    .resideInAPackage("dev.weft.gateway.*..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.weft.gateway");

    @ArchTest
    static final ArchRule no_other_service_is_used =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.weft.catalog..", "dev.weft.inference..");

    @ArchTest
    static final ArchRule reactor_stays_at_the_http_edge =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.weft.gateway.forward..",
                            "dev.weft.gateway.models..",
                            "dev.weft.gateway.access..",
                            "dev.weft.gateway.error..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("reactor.core..", "org.reactivestreams..");

    @ArchTest
    static final ArchRule routing_and_workers_are_free_of_spring =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.weft.gateway.routing..",
                            "dev.weft.gateway.worker..",
                            "dev.weft.gateway.model..")
                    .and()
                    .haveSimpleNameNotEndingWith("Configuration")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule micrometer_stays_in_metrics_and_configuration =
            noClasses()
                    .that()
                    .haveSimpleNameNotEndingWith("Metrics")
                    .and()
                    .haveSimpleNameNotEndingWith("Configuration")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule opentelemetry_stays_with_the_traces =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.weft.gateway.trace")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule time_comes_from_an_injected_clock =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(LocalDateTime.class, "now")
                    .orShould()
                    .callMethod(Clock.class, "systemUTC")
                    .orShould()
                    .callMethod(Clock.class, "systemDefaultZone")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");
}
