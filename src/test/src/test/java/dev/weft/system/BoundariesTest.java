package dev.weft.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;

/**
 * Checks the boundaries of docs/architecture.md, over all modules at once. A module's own promises
 * are in its {@code *ArchitectureTest}.
 */
@AnalyzeClasses(
        packages = "dev.weft",
        importOptions = {ImportOption.DoNotIncludeTests.class, BoundariesTest.NoTestJars.class})
class BoundariesTest {
    /** Leaves out the shared test classes of other modules. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String PROTOCOL = "dev.weft.protocol..";
    private static final String FORMAT = "dev.weft.format..";
    private static final String CHAT = "dev.weft.chat..";
    private static final String DEPLOYMENT = "dev.weft.deployment..";
    private static final String SETTINGS = "dev.weft.settings..";
    private static final String SOURCE = "dev.weft.source..";
    private static final String TRACING = "dev.weft.tracing..";
    private static final String BOUNDS = "dev.weft.bounds..";
    private static final String ACCESS = "dev.weft.access..";
    private static final String CATALOG = "dev.weft.catalog..";
    private static final String ENGINE = "dev.weft.inference.engine..";
    private static final String CPU = "dev.weft.inference.cpu..";
    private static final String ONEDNN = "dev.weft.inference.cpu.kernel.onednn..";
    private static final String TENSORRT_LLM = "dev.weft.inference.tensorrtllm..";
    private static final String RELAY = "dev.weft.inference.relay..";
    private static final String GRAMMAR = "dev.weft.grammar..";
    private static final String SERVER = "dev.weft.inference.server..";
    private static final String GATEWAY = "dev.weft.gateway..";
    private static final String SERVICE = "dev.weft.service..";
    private static final String STANDALONE = "dev.weft.standalone..";

    @ArchTest
    static final ArchRule the_catalog_knows_no_other_service =
            noClasses()
                    .that()
                    .resideInAPackage(CATALOG)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            ENGINE, CPU, TENSORRT_LLM, RELAY, SERVER, GATEWAY, STANDALONE);

    @ArchTest
    static final ArchRule the_catalog_reads_chat_templates_as_formats_tell_them =
            noClasses()
                    .that()
                    .resideInAPackage(CATALOG)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(CHAT);

    @ArchTest
    static final ArchRule the_worker_knows_no_other_service =
            noClasses()
                    .that()
                    .resideInAnyPackage(ENGINE, CPU, TENSORRT_LLM, RELAY, SERVER)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(CATALOG, GATEWAY, STANDALONE);

    @ArchTest
    static final ArchRule the_gateway_knows_no_other_service =
            noClasses()
                    .that()
                    .resideInAPackage(GATEWAY)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            CATALOG, ENGINE, CPU, TENSORRT_LLM, RELAY, SERVER, SOURCE, STANDALONE);

    @ArchTest
    static final ArchRule the_gateway_reads_no_files_of_adapters_and_no_deployment =
            noClasses()
                    .that()
                    .resideInAPackage(GATEWAY)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(FORMAT, CHAT, DEPLOYMENT);

    @ArchTest
    static final ArchRule
            the_deployment_file_knows_no_formats_and_no_settings_but_those_that_it_is_given =
                    noClasses()
                            .that()
                            .resideInAPackage(DEPLOYMENT)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    FORMAT, CHAT, SOURCE, TRACING, BOUNDS, ACCESS, SERVICE);

    @ArchTest
    static final ArchRule what_is_shared_does_not_know_the_deployment_file =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            PROTOCOL, FORMAT, CHAT, SETTINGS, SOURCE, TRACING, BOUNDS, ACCESS,
                            SERVICE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(DEPLOYMENT);

    @ArchTest
    static final ArchRule the_protocol_knows_nothing_else_of_weft =
            noClasses()
                    .that()
                    .resideInAPackage(PROTOCOL)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            FORMAT,
                            CHAT,
                            DEPLOYMENT,
                            SETTINGS,
                            SOURCE,
                            TRACING,
                            BOUNDS,
                            ACCESS,
                            SERVICE);

    @ArchTest
    static final ArchRule chat_templates_know_nothing_else_of_weft =
            noClasses()
                    .that()
                    .resideInAPackage(CHAT)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            PROTOCOL,
                            FORMAT,
                            DEPLOYMENT,
                            SETTINGS,
                            SOURCE,
                            TRACING,
                            BOUNDS,
                            ACCESS,
                            SERVICE);

    @ArchTest
    static final ArchRule formats_know_only_the_protocol_and_chat_templates =
            noClasses()
                    .that()
                    .resideInAPackage(FORMAT)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(SETTINGS, SOURCE, TRACING, BOUNDS, ACCESS, SERVICE);

    @ArchTest
    static final ArchRule what_is_shared_knows_no_service =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            PROTOCOL,
                            FORMAT,
                            CHAT,
                            SETTINGS,
                            DEPLOYMENT,
                            SOURCE,
                            TRACING,
                            BOUNDS,
                            ACCESS,
                            SERVICE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            CATALOG, ENGINE, CPU, TENSORRT_LLM, RELAY, SERVER, GATEWAY, STANDALONE);

    @ArchTest
    static final ArchRule the_engine_knows_its_port_only =
            noClasses()
                    .that()
                    .resideInAnyPackage(ENGINE, CPU, TENSORRT_LLM, RELAY)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            SERVER,
                            SERVICE,
                            SETTINGS,
                            DEPLOYMENT,
                            CHAT,
                            GRAMMAR,
                            SOURCE,
                            TRACING,
                            BOUNDS,
                            ACCESS,
                            "io.opentelemetry..",
                            "org.springframework..",
                            "reactor..",
                            "io.netty..");

    @ArchTest
    static final ArchRule grammars_know_nothing_else_of_weft_and_no_framework =
            noClasses()
                    .that()
                    .resideInAPackage(GRAMMAR)
                    .should()
                    .dependOnClassesThat()
                    .resideOutsideOfPackages(
                            GRAMMAR, "java..", "tools.jackson..", "org.jspecify..");

    @ArchTest
    static final ArchRule engines_do_not_know_each_other =
            slices().matching("dev.weft.inference.(cpu|tensorrtllm|relay)..")
                    .should()
                    .notDependOnEachOther();

    /**
     * The classes with a stream and large bodies of WebFlux; their content is in other classes,
     * which know no Reactor.
     */
    private static final String CATALOG_EDGE =
            "dev\\.weft\\.catalog\\.(feed\\.FeedController|worker\\.ReportController|usage\\.BatchController|web\\.LargeBody)(\\$.*)?";

    @ArchTest
    static final ArchRule reactor_stays_at_the_edges =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.weft.gateway.forward..",
                            "dev.weft.gateway.error..",
                            // Spring Security's reactive chain
                            ACCESS,
                            "dev.weft.catalog.access..",
                            "dev.weft.gateway.access..",
                            "dev.weft.inference.server.access..",
                            "dev.weft.gateway.models..",
                            "dev.weft.inference.server.http..",
                            "dev.weft.service.stream..")
                    .and()
                    .haveNameNotMatching(CATALOG_EDGE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("reactor.core..", "org.reactivestreams..");

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
                    .resideOutsideOfPackages(
                            TRACING,
                            "dev.weft.catalog.trace..",
                            "dev.weft.gateway.trace..",
                            "dev.weft.inference.server.trace..",
                            "dev.weft.standalone.log..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.opentelemetry..");

    /** Classes whose only native calls are to the C library. */
    private static final String NATIVE_CLASSES =
            "dev\\.weft\\.(source\\.object\\.NativeEnvironment|inference\\.cpu\\.kernel\\.(matrix\\.LargePages|team\\.Affinity))(\\$.*)?";

    @ArchTest
    static final ArchRule native_calls_stay_in_onednn_the_triton_binding_and_three_classes =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(ONEDNN, TENSORRT_LLM)
                    .and()
                    .haveNameNotMatching(NATIVE_CLASSES)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.bytedeco..")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("dev.weft.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule time_comes_from_an_injected_clock =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(STANDALONE)
                    .and()
                    .doNotHaveFullyQualifiedName("dev.weft.service.ServiceConfiguration")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(LocalDate.class, "now")
                    .orShould()
                    .callMethod(LocalDateTime.class, "now")
                    .orShould()
                    .callMethod(ZonedDateTime.class, "now")
                    .orShould()
                    .callMethod(Clock.class, "systemUTC")
                    .orShould()
                    .callMethod(Clock.class, "systemDefaultZone")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");
}
