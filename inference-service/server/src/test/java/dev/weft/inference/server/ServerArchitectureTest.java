package dev.weft.inference.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.reactivestreams.Publisher;
import org.springframework.http.server.reactive.ServerHttpResponse;

@AnalyzeClasses(
        packages = "dev.weft.inference.server",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ServerArchitectureTest {
    private static final String ROOT = "dev.weft.inference.server";

    /** Demand may be lost between an event's parts, and the stream then never ends. */
    @ArchTest
    static final ArchRule STREAMS_ARE_NOT_WRITTEN_IN_GROUPS =
            noClasses()
                    .should()
                    .callMethod(ServerHttpResponse.class, "writeAndFlushWith", Publisher.class);

    @ArchTest
    static final ArchRule SPRING_ONLY_AT_THE_HTTP_EDGE_AND_IN_THE_WIRING =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            ROOT, ROOT + ".http..", ROOT + ".access", ROOT + ".settings")
                    .and()
                    .haveSimpleNameNotEndingWith("Configuration")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule ENGINE_CALLBACKS_BECOME_A_FLUX_IN_ONE_CLASS =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + ".http..")
                    .and()
                    .haveNameNotMatching(".*\\.EngineBridge(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName(ROOT + ".completion.RunningCompletion");

    @ArchTest
    static final ArchRule MICROMETER_AND_PROMETHEUS_ONLY_IN_METRICS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + ".metrics")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    @ArchTest
    static final ArchRule THE_NATIVE_TOKENIZER_STAYS_IN_ITS_CLASS =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(ROOT + ".text.Tokenizer")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule TEXT_DEPENDS_ON_NO_OTHER_FEATURE =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + ".text")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            ROOT + ".http..",
                            ROOT + ".completion",
                            ROOT + ".residency..",
                            ROOT + ".prompt",
                            ROOT + ".models");

    @ArchTest
    static final ArchRule FEATURES_FORM_NO_CYCLE =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FEATURES_DO_NOT_KNOW_WHO_WIRES_THEM =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + ".*..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ROOT);

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL_OR_CONTRACTS =
            classes()
                    .that()
                    .areTopLevelClasses()
                    .and()
                    .areNotInterfaces()
                    .and()
                    .areNotRecords()
                    .and()
                    .areNotMetaAnnotatedWith("org.springframework.boot.SpringBootConfiguration")
                    .and()
                    .areNotAnnotatedWith("org.springframework.context.annotation.Configuration")
                    .should()
                    .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);
}
