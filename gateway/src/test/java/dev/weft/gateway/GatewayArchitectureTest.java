package dev.weft.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
    static final ArchRule routing_and_workers_are_free_of_spring =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.weft.gateway.routing..",
                            "dev.weft.gateway.worker..",
                            "dev.weft.gateway.body..")
                    .and()
                    .haveSimpleNameNotEndingWith("Configuration")
                    .and()
                    .haveSimpleNameNotEndingWith("Settings")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.springframework..");
}
