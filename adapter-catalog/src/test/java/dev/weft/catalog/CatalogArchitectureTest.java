package dev.weft.catalog;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.reactivestreams.Publisher;
import org.springframework.http.server.reactive.ServerHttpResponse;

/** The catalog's boundaries. */
@AnalyzeClasses(packages = "dev.weft.catalog", importOptions = ImportOption.DoNotIncludeTests.class)
class CatalogArchitectureTest {

    /** Demand may be lost between an event's parts, and the stream then never ends. */
    @ArchTest
    static final ArchRule STREAMS_ARE_NOT_WRITTEN_IN_GROUPS =
            noClasses()
                    .should()
                    .callMethod(ServerHttpResponse.class, "writeAndFlushWith", Publisher.class);

    @ArchTest
    static final ArchRule sqlStaysInTables =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..catalog.database..")
                    .and()
                    .haveNameNotMatching(".*(Table|Reader|Query|History)(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.sql..",
                            "javax.sql..",
                            "com.zaxxer..",
                            "org.flywaydb..",
                            "org.h2..",
                            "org.postgresql..");

    @ArchTest
    static final ArchRule handlersRunNoStatements =
            noClasses()
                    .that()
                    .haveNameMatching(".*(Controller|Api|Body|Hub)(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework.jdbc..", "..catalog.database..");

    @ArchTest
    static final ArchRule featuresFormNoCycle =
            slices().matching("dev.weft.catalog.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule featuresDoNotKnowWhoWiresThem =
            noClasses()
                    .that(not(resideInAPackage("dev.weft.catalog")))
                    .and()
                    .resideInAPackage("dev.weft.catalog..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.weft.catalog"));

    @ArchTest
    static final ArchRule lifecycleKnowsNoFramework =
            classes()
                    .that()
                    .resideInAPackage("..catalog.lifecycle..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "dev.weft.protocol.adapter..",
                            "dev.weft.catalog.lifecycle..");
}
